"""Every write of the road: rooms locked, rooms and people saved as they are after a batch.

Locks are taken in one order everywhere: rooms, then members, then sessions, each by id.
"""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import models
from msgspec import to_builtins

from syncplay_backend.domain import log
from syncplay_backend.domain.deciding_people import name_key
from syncplay_backend.domain.log import Entry
from syncplay_backend.domain.people import Connection, Member
from syncplay_backend.domain.state import Room as RoomState
from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.models import Message, Receipt, Room, RoomSession, User


def lock(room_ids: Iterable[UUID]) -> tuple[dict[UUID, Room], set[UUID]]:
    """The rooms, locked until the transaction ends, and the ids of those that somebody else has.

    In a statement of its own, without a join: PostgreSQL reads a locked row anew, but a joined
    one as it was when the statement began.
    """
    ids = set(room_ids)
    rows = Room.objects.select_for_update(skip_locked=True).filter(id__in=ids).order_by("id")
    locked = {row.id: row for row in rows}
    missing = ids - locked.keys()
    busy = Room.objects.filter(id__in=missing).values_list("id", flat=True) if missing else ()
    return locked, set(busy)


def keep_receipts(receipts: Iterable[log.Receipt]) -> None:
    Receipt.objects.bulk_create(
        Receipt(
            room_id=receipt.room_id,
            user_id=receipt.member_id,
            command_id=receipt.ref,
            digest=receipt.digest,
            seq=receipt.seq,
            at=receipt.at,
        )
        for receipt in receipts
    )


def save(changes: Iterable[tuple[RoomState | None, RoomState]], entries: Iterable[Entry]) -> None:
    """Write what differs between each room before (None: it is new) and after."""
    changed = sorted((c for c in changes if c[0] is not c[1]), key=lambda c: c[1].id)
    _upsert(Room, [_room_row(after) for _, after in changed], _ROOM_FIELDS)
    _remove_people(changed)
    people = [row for before, after in changed for row in _member_rows(before, after)]
    # hosts last: whoever was one has then ceased to be, and a room never has two
    _upsert(User, sorted(people, key=lambda row: (row.is_host, row.id)), _USER_FIELDS)
    _save_sessions(changed)
    Message.objects.bulk_create([_message(entry) for entry in entries])


Row = TypeVar("Row", bound=models.Model)
Changes = list[tuple[RoomState | None, RoomState]]

# What never changes once a room or a member is there need not be written again.
_ROOM_FIELDS = [
    "host_id", "current_video_url", "current_video_title", "current_position", "is_playing",
    "anchored_at", "playback_rate", "settings", "waiting", "wait_until", "seq", "control_seq",
    "active_at", "closed_at",
]  # fmt: skip
_USER_FIELDS = [
    "is_host", "is_online", "role", "key_hash", "key_used", "away_until", "pace",
]  # fmt: skip


def _upsert(kind: type[Row], rows: list[Row], update_fields: list[str]) -> None:
    if rows:
        kind._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=update_fields
        )


def _room_row(room: RoomState) -> Room:
    return Room(
        id=room.id,
        name=room.name,
        host_id=room.host_id,
        current_video_url=room.video.url,
        current_video_title=room.video.title,
        current_position=room.timeline.position,
        is_playing=room.timeline.playing,
        created_at=to_datetime(room.created_at),
        anchored_at=room.timeline.at,
        playback_rate=room.timeline.rate,
        visibility=room.visibility.value,
        password_hash=room.password_hash,
        settings=to_builtins(room.settings),
        waiting=None if room.wait is None else to_builtins(room.wait, str_keys=True),
        wait_until=min(room.wait.members.values()) if room.wait else None,
        seq=room.seq,
        control_seq=room.control_seq,
        epoch=room.epoch,
        active_at=room.active_at,
        closed_at=room.closed_at,
    )


def _member_rows(before: RoomState | None, after: RoomState) -> list[User]:
    return [
        _user_row(after, member)
        for member in after.members.values()
        if before is None or _differs(before, after, member)
    ]


def _differs(before: RoomState, after: RoomState, member: Member) -> bool:
    was_host = before.host_id == member.id
    return before.members.get(member.id) is not member or was_host != after.is_host(member)


def _user_row(room: RoomState, member: Member) -> User:
    return User(
        id=member.id,
        room_id=room.id,
        name=member.name,
        is_host=room.is_host(member),
        is_online=member.is_online,
        joined_at=to_datetime(member.joined_at),
        name_key=name_key(member.name),
        role=member.role.value,
        key_hash=member.key_hash,
        key_used=member.key_used,
        address=member.address,
        away_until=member.away_until,
        pace=member.pace.value,
        last_seen=to_datetime(room.active_at),
    )


def _remove_people(changed: Changes) -> None:
    gone = [
        id for before, after in changed if before for id in before.members.keys() - after.members
    ]
    if gone:
        RoomSession.objects.filter(user_id__in=gone).delete()
        User.objects.filter(id__in=gone).delete()


def _save_sessions(changed: Changes) -> None:
    closed: list[UUID] = []
    opened: list[RoomSession] = []
    reported: list[RoomSession] = []
    for before, after in changed:
        had = _connections(before)
        has = _connections(after)
        closed += had.keys() - has.keys()
        opened += [_session(after, *has[id]) for id in has.keys() - had.keys()]
        reported += [
            _session(after, *has[id])
            for id in has.keys() & had.keys()
            if has[id][1].state is not had[id][1].state
        ]
    if closed:
        RoomSession.objects.filter(id__in=closed).delete()
    RoomSession.objects.bulk_create(opened)
    _upsert(RoomSession, sorted(reported, key=lambda row: row.id), ["state"])


def _connections(room: RoomState | None) -> dict[UUID, tuple[Member, Connection]]:
    members = room.members.values() if room else ()
    return {held.id: (member, held) for member in members for held in member.connections}


def _session(room: RoomState, member: Member, connection: Connection) -> RoomSession:
    opened_at = to_datetime(connection.opened_at)
    return RoomSession(
        id=connection.id,
        room_id=room.id,
        user_id=member.id,
        channel_name=connection.channel,
        connected_at=opened_at,
        last_activity=opened_at,
        lease_until=connection.lease_until,
        precise=connection.precise,
        state=connection.state.value,
        round_trip=connection.round_trip,
    )


def _message(entry: Entry) -> Message:
    return Message(
        id=uuid4(),
        room_id=entry.room_id,
        seq=entry.seq,
        user_id=entry.by,
        message_type=entry.type,
        data=entry.data,
        timestamp=to_datetime(entry.at),
        origin=entry.origin,
        command_id=entry.ref,
        digest=entry.digest,
    )
