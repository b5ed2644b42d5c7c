"""What happened. Frozen values: they can be compared, stored, replayed and tested.

A numbered event takes the room's next seq, stands in its log and is sent to everybody. The
unnumbered ones are the server's own book-keeping. `at` is the server's clock in milliseconds,
`by` the public id of who did it (nobody: the server).
"""

from uuid import UUID

from msgspec import Struct

from syncplay_backend.domain.people import Connection, Member, Pace, State
from syncplay_backend.domain.policy import Settings


class Played(Struct, frozen=True, tag="play", kw_only=True):
    """The video stands at `position` at `starts_at`, and runs from then on."""

    position: float
    starts_at: int
    at: int
    by: UUID | None


class Paused(Struct, frozen=True, tag="pause", kw_only=True):
    position: float
    at: int
    by: UUID | None


class Sought(Struct, frozen=True, tag="seek", kw_only=True):
    position: float
    at: int
    by: UUID | None


class RateChanged(Struct, frozen=True, tag="rate", kw_only=True):
    rate: float
    position: float
    starts_at: int  # later than `at` where a start is still to come
    at: int
    by: UUID | None


class VideoChanged(Struct, frozen=True, tag="video_changed", kw_only=True):
    url: str
    title: str
    at: int
    by: UUID | None


class Waiting(Struct, frozen=True, tag="waiting", kw_only=True):
    """The room stands still for members who are short of video; a `play` ends it."""

    members: dict[UUID, int]  # for whom, and until when (ms) at most
    since: int
    position: float
    at: int
    by: UUID | None


class Said(Struct, frozen=True, tag="chat", kw_only=True):
    text: str
    position: float
    at: int
    by: UUID | None


class Reacted(Struct, frozen=True, tag="reaction", kw_only=True):
    emoji: str
    position: float
    at: int
    by: UUID | None


class SettingsChanged(Struct, frozen=True, tag="settings_changed", kw_only=True):
    settings: Settings
    at: int
    by: UUID | None


class MemberJoined(Struct, frozen=True, tag="user_joined", kw_only=True):
    """A place was taken (over REST: offline), or its member's first connection opened."""

    member: Member
    is_host: bool
    at: int
    by: UUID | None


class MemberWentOffline(Struct, frozen=True, tag="user_offline", kw_only=True):
    """The last connection is gone; the place is kept until `away_until`."""

    member_id: UUID
    name: str
    away_until: int
    at: int
    by: UUID | None


class MemberLeft(Struct, frozen=True, tag="user_left", kw_only=True):
    member_id: UUID
    name: str
    reason: str  # "left", or "away": dropped and never came back
    at: int
    by: UUID | None


class HostChanged(Struct, frozen=True, tag="host_changed", kw_only=True):
    host_id: UUID | None
    at: int
    by: UUID | None


class RoomClosed(Struct, frozen=True, tag="room_closed", kw_only=True):
    at: int
    by: UUID | None


class ConnectionOpened(Struct, frozen=True, kw_only=True):
    """One more connection of a member who is online already."""

    member_id: UUID
    connection: Connection


class ConnectionClosed(Struct, frozen=True, kw_only=True):
    """One of several; the last one's end is `MemberWentOffline`."""

    member_id: UUID
    connection_id: UUID
    crowded_out: bool = False  # by a newer one: its socket must still be told


class PlaceUsed(Struct, frozen=True, kw_only=True):
    """Somebody showed the key of a place that has no connection."""

    member_id: UUID
    away_until: int | None


class ConnectionReported(Struct, frozen=True, kw_only=True):
    """A player's state has changed."""

    member_id: UUID
    connection_id: UUID
    state: State


class RoundTripNoted(Struct, frozen=True, kw_only=True):
    member_id: UUID
    connection_id: UUID
    round_trip: int | None  # ms


class PaceChanged(Struct, frozen=True, kw_only=True):
    member_id: UUID
    pace: Pace


PlaybackEvent = Played | Paused | Sought | RateChanged | VideoChanged | Waiting
PeopleEvent = MemberJoined | MemberWentOffline | MemberLeft | HostChanged
RoomEvent = Said | Reacted | SettingsChanged | RoomClosed
Numbered = PlaybackEvent | PeopleEvent | RoomEvent
ConnectionEvent = ConnectionOpened | ConnectionClosed | ConnectionReported | RoundTripNoted
Unnumbered = ConnectionEvent | PlaceUsed | PaceChanged
Event = Numbered | Unnumbered
