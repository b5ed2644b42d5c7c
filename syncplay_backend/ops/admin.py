"""The admin: everything can be looked at, and a room can be closed. Nothing is written by forms.

Keys, passwords and addresses are not shown, not even as the hashes that are stored of them.
"""

from typing import Any, get_args

from django.contrib import admin, messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.timeline import Timeline
from syncplay_backend.domain.views import MemberSync, SyncView
from syncplay_backend.ops.looking import Reading, ReadingOfRooms, YesNo, short
from syncplay_backend.rooms.models import Message, Room, RoomSession, User
from syncplay_backend.services import players, showing
from syncplay_backend.services.execute import answer, submit

admin.site.site_header = admin.site.site_title = "SyncPlay"
admin.site.index_title = "Rooms and people"
admin.site.enable_nav_sidebar = False  # our tables are wide


class Open(YesNo):
    title = "state"
    parameter_name = "open"
    condition = Q(closed_at=None)
    answers = ("Open", "Closed")


class Peopled(YesNo):
    title = "people"
    parameter_name = "online"
    condition = Exists(User.objects.filter(room=OuterRef("pk"), is_online=True))
    answers = ("Somebody is online", "Nobody is online")


def _count(people: QuerySet[User]) -> Coalesce:
    """Of a room, in a query of its own: joined, the whole table would be grouped for a page."""
    by_room = people.filter(room=OuterRef("pk")).order_by().values("room")
    return Coalesce(Subquery(by_room.annotate(count=Count("pk")).values("count")), 0)


def _within(sync: SyncView | MemberSync | None) -> str | None:
    if sync is None or sync.p50 is None or sync.p95 is None:
        return None
    return f"{sync.p50:.0f} ms, 95 % within {sync.p95:.0f} ms"


@admin.register(Room)
class RoomAdmin(Reading):
    list_display = (
        "room", "host", "online", "members", "video", "now_at", "playing", "in_sync", "is_open",
        "seq", "created_at",
    )  # fmt: skip
    list_filter = (Open, Peopled, "is_playing", "visibility", "created_at")
    search_fields = ("name", "host_name", "current_video_title", "current_video_url")
    search_help_text = "Name or id of the room, name of the host, title or URL of the video"
    fields = (
        "id", "name", "is_open", "host", "members", "online", "current_video_title",
        "current_video_url", "now_at", "playing", "playback_rate", "in_sync", "visibility",
        "has_password", "settings", "seq", "first_seq", "epoch", "created_at", "active",
        "people_and_log",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("close_rooms",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        hosts = User.objects.filter(pk=OuterRef("host_id")).values("name")[:1]
        rooms: QuerySet[Room] = super().get_queryset(request)
        return rooms.annotate(
            host_name=Subquery(hosts),
            member_count=_count(User.objects.all()),
            online_count=_count(User.objects.filter(is_online=True)),
        )

    @admin.display(ordering="name")
    def room(self, room: Room) -> str:
        return short(room.name)

    @admin.display(ordering="host_name", empty_value="nobody")
    def host(self, room: Any) -> str | None:
        return short(room.host_name) if room.host_name else None

    @admin.display(ordering="member_count")
    def members(self, room: Any) -> int:
        return int(room.member_count)

    @admin.display(ordering="online_count")
    def online(self, room: Any) -> int:
        return int(room.online_count)

    @admin.display(ordering="current_video_title", empty_value="none")
    def video(self, room: Room) -> str | None:
        return Truncator(room.current_video_title or room.current_video_url).chars(32) or None

    @admin.display(description="now at")
    def now_at(self, room: Room) -> str:
        timeline = Timeline(
            room.current_position, room.anchored_at, room.is_playing, room.playback_rate
        )
        return showing.as_position(timeline.position_at(showing.now()))

    @admin.display(description="in sync within", empty_value="not known")
    def in_sync(self, room: Room) -> str | None:
        """As its members measure it, and this process has heard."""
        return _within(players.sync_of(room.pk))

    @admin.display(boolean=True, ordering="is_playing")
    def playing(self, room: Room) -> bool:
        return room.is_playing

    @admin.display(description="open", boolean=True)
    def is_open(self, room: Room) -> bool:
        return room.closed_at is None

    @admin.display(boolean=True)
    def has_password(self, room: Room) -> bool:
        return bool(room.password_hash)

    @admin.display(description="last event")
    def active(self, room: Room) -> Any:
        return showing.as_instant(room.active_at)

    @admin.display(description="more")
    def people_and_log(self, room: Room) -> str:
        links = [
            format_html(
                '<a href="{}?room__id__exact={}">{}</a>', reverse(f"admin:{to}"), room.pk, what
            )
            for to, what in (
                ("rooms_user_changelist", "people"),
                ("rooms_roomsession_changelist", "sessions"),
                ("rooms_message_changelist", "messages"),
            )
        ]
        return format_html("{} · {} · {}", *links)

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("rooms.change_room")

    @admin.action(description="Close the chosen rooms", permissions=["close"])
    def close_rooms(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        """Their members are told, and their sockets closed; nobody comes in any more."""
        closing = [(room, submit(room.pk, c.Close())) for room in rooms]
        closed = 0
        for room, future in closing:
            try:
                answer(future)
            except Refused as refused:
                self._tell_refusal(request, room, refused)
            else:
                closed += 1
                self.log_change(request, room, "Closed.")
        if closed:
            done = f"Closed {closed} room{'' if closed == 1 else 's'}."
            self.message_user(request, done, messages.SUCCESS)

    def _tell_refusal(self, request: HttpRequest, room: Room, refused: Refused) -> None:
        if refused.code is Code.ROOM_CLOSED:
            self.message_user(request, f"{room} was closed already.", messages.INFO)
        else:
            self.message_user(request, f"{room} is not closed. {refused}", messages.ERROR)


@admin.register(User)
class UserAdmin(ReadingOfRooms):
    list_display = (
        "person", "in_room", "is_host", "is_online", "in_sync", "role", "last_seen", "joined_at",
    )  # fmt: skip
    list_filter = ("is_online", "is_host", "role", "last_seen", "joined_at")
    search_fields = ("name", "room__name")
    ids = ("id", "room_id")
    search_help_text = "Name or public id of the person, name or id of the room"
    ordering = ("-joined_at",)
    fields = ("id", "name", "room", "is_host", "is_online", "role", "joined_at", "last_seen")

    @admin.display(ordering="name")
    def person(self, user: User) -> str:
        return short(user.name)

    @admin.display(description="in sync within", empty_value="not known")
    def in_sync(self, user: User) -> str | None:
        """As the member measures it, and this process has heard."""
        sync = players.sync_of(user.room_id)
        members = sync.members if sync else ()
        return _within(next((member for member in members if member.id == user.pk), None))


class Kind(admin.SimpleListFilter):
    """The types are known: to ask the table for those it has would read all of it."""

    title = parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        types = [str(event.__struct_config__.tag) for event in get_args(e.Numbered)]
        return [(kind, kind) for kind in types]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(message_type=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ReadingOfRooms):
    list_display = ("in_room", "seq", "message_type", "who", "what", "timestamp")
    list_filter = (Kind, "timestamp")
    search_fields = ("message_type", "room__name")
    ids = ("room_id", "user_id")
    search_help_text = "Type of the message, name or id of the room, public id of the person"
    ordering = ("-timestamp", "-seq")
    fields = ("id", "room", "seq", "message_type", "user_id", "who", "data", "timestamp")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        names = User.objects.filter(pk=OuterRef("user_id")).values("name")[:1]
        events: QuerySet[Message] = super().get_queryset(request)
        return events.annotate(who_name=Subquery(names))

    @admin.display(description="by", empty_value="the server, or somebody who left")
    def who(self, message: Any) -> str | None:
        return short(message.who_name) if message.who_name else None

    @admin.display(description="data")
    def what(self, message: Message) -> str:
        said = ", ".join(f"{name}: {value}" for name, value in message.data.items())
        return Truncator(said).chars(60)


@admin.register(RoomSession)
class RoomSessionAdmin(ReadingOfRooms):
    list_display = (
        "person",
        "in_room",
        "channel_name",
        "connected_at",
        "last_activity",
        "is_alive",
    )
    list_filter = ("connected_at", "last_activity")
    list_select_related = ("room", "user")
    search_fields = ("user__name", "room__name", "channel_name")
    ids = ("room_id", "user_id")
    search_help_text = (
        "Name or public id of the person, name or id of the room, channel of the process"
    )
    ordering = ("-connected_at",)
    fields = (
        "id", "user", "room", "channel_name", "connected_at", "last_activity", "lease", "is_alive",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(ordering="user__name")
    def person(self, session: RoomSession) -> str:
        return short(session.user.name)

    @admin.display(description="lease until")
    def lease(self, session: RoomSession) -> Any:
        return showing.as_instant(session.lease_until)

    @admin.display(description="alive", boolean=True)
    def is_alive(self, session: RoomSession) -> bool:
        return session.lease_until > showing.now()
