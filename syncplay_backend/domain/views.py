"""A room and its people as clients see them: what REST answers and what sockets are sent.

The fields are the contract's; nothing else of a room ever leaves. Positions are seconds, instants
ISO 8601 in UTC, and `server_time` is in milliseconds.
"""

from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from uuid import UUID

from msgspec import Struct

from syncplay_backend.domain.people import Member
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.state import Room, Wait

HOST = "host"

_by_arrival = attrgetter("joined_at", "id.int")  # the number: ids compare in Python


class MemberView(Struct, frozen=True):
    id: UUID
    name: str
    is_host: bool
    is_online: bool
    joined_at: str
    role: str


class MemberStatus(Struct, frozen=True, omit_defaults=True):
    """What is known of a member's player: `position` in seconds, the rest in milliseconds."""

    id: UUID
    state: str
    position: float | None = None
    rate: float | None = None
    offset: float | None = None  # from the room's timeline: ahead is positive
    round_trip: float | None = None


class WaitView(Struct, frozen=True, rename={"members": "for"}):
    """For whom the room stands still (public ids), since when and until when (ms) at most."""

    members: list[UUID]
    since: int
    until: int


class MemberSync(Struct, frozen=True):
    """How far (ms, whichever way) a member's player has been from the room's timeline lately."""

    id: UUID
    state: str
    offset: float | None  # the newest one: ahead is positive
    p50: float | None
    p95: float | None


class SyncView(Struct, frozen=True):
    """The same of the room: of all its members together, and of each."""

    p50: float | None
    p95: float | None
    members: list[MemberSync]


class RoomView(Struct, frozen=True):
    id: UUID
    name: str
    host_id: UUID | None
    current_video_url: str
    current_video_title: str
    current_position: float | int
    position_at: int  # the instant (ms) at which it is there: later than now before a start
    is_playing: bool
    playback_rate: float | int
    created_at: str
    users: list[MemberView]
    user_count: int
    visibility: str
    has_password: bool
    settings: Settings
    waiting: WaitView | None
    seq: int
    epoch: UUID
    server_time: int


@lru_cache(maxsize=10_000)  # the same few instants stand in many frames
def iso(at: int) -> str:
    """An instant (ms) in ISO 8601, with milliseconds and the time zone."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")


def number(value: float) -> float | int:
    """Whole numbers are written as such: 120, not 120.0."""
    return int(value) if value.is_integer() else value


def member_view(member: Member, *, is_host: bool) -> MemberView:
    return MemberView(
        id=member.id,
        name=member.name,
        is_host=is_host,
        is_online=bool(member.connections),
        joined_at=iso(member.joined_at),
        role=HOST if is_host else member.role,
    )


def room_view(room: Room, now: int) -> RoomView:
    """The room as of `now`; its `members` must be everybody."""
    people = sorted(room.members.values(), key=_by_arrival)
    host = room.members.get(room.host_id) if room.host_id else None
    return RoomView(
        id=room.id,
        name=room.name,
        host_id=room.host_id,
        current_video_url=room.video.url,
        current_video_title=room.video.title,
        current_position=number(room.timeline.position_at(now)),
        position_at=max(now, room.timeline.at) if room.timeline.playing else now,
        is_playing=room.timeline.playing,
        playback_rate=number(room.timeline.rate),
        created_at=iso(room.created_at),
        users=[member_view(member, is_host=member is host) for member in people],
        user_count=len(people),
        visibility=room.visibility.value,
        has_password=bool(room.password_hash),
        settings=room.settings,
        waiting=_wait_view(room.wait),
        seq=room.seq,
        epoch=room.epoch,
        server_time=now,
    )


def _wait_view(wait: Wait | None) -> WaitView | None:
    return WaitView(list(wait.members), wait.since, wait.until) if wait else None


def outside_view(room: Room, now: int) -> RoomView:
    """What a stranger may see of a room behind a password: that it is there, and how full."""
    seen = room_view(room, now)
    return RoomView(
        id=seen.id,
        name=seen.name,
        host_id=None,
        current_video_url="",
        current_video_title="",
        current_position=0,
        position_at=now,
        is_playing=False,
        playback_rate=1,
        created_at=seen.created_at,
        users=[],
        user_count=seen.user_count,
        visibility=seen.visibility,
        has_password=seen.has_password,
        settings=seen.settings,
        waiting=None,
        seq=seen.seq,
        epoch=seen.epoch,
        server_time=now,
    )
