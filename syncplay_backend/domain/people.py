"""Who is in a room: members, and the connections that they hold."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Role(StrEnum):
    """What a member is trusted with, from the least to the most. The host is above them all."""

    MEMBER = "member"
    MODERATOR = "moderator"


RANK = {role: rank for rank, role in enumerate(Role)}


class State(StrEnum):
    """What a player says of itself."""

    UNKNOWN = "unknown"  # it has said nothing, or cannot
    READY = "ready"
    BUFFERING = "buffering"
    BLOCKED = "blocked"  # the browser wants a gesture first
    HIDDEN = "hidden"  # nobody looks


class Pace(StrEnum):
    """How a member is with the room's video, and so for how long the room would wait for it."""

    CATCHING_UP = "catching_up"  # came while it ran, or was gone on without: not at all
    LOADING = "loading"  # has not been ready since the video began: the first load may take long
    WATCHING = "watching"  # has been ready: a stall is short, or it is not worth waiting for


class Connection(Struct, frozen=True):
    """A socket of a member; after `lease_until` (ms) it counts as gone, unless it is renewed."""

    id: UUID
    channel: str  # the process that serves it, as the channel layer knows it
    opened_at: int
    lease_until: int
    precise: bool = False  # it speaks protocol 2: it knows the clock, and says how it is
    state: State = State.UNKNOWN
    round_trip: int | None = None  # ms, the least of the last pings; None: not known, or idle


class Member(Struct, frozen=True):
    """A person who holds a place in the room, connected or not."""

    id: UUID
    name: str
    key_hash: bytes
    joined_at: int
    role: Role = Role.MEMBER
    key_used: bool = False
    pace: Pace = Pace.LOADING
    stalls_until: int = 0  # ms: when the last of the room's waits for it is forgotten
    address: str = ""  # a keyed hash of where the place was taken from
    away_until: int | None = None  # ms: when the place is given up, unless its member is seen
    connections: tuple[Connection, ...] = ()

    @property
    def is_online(self) -> bool:
        return bool(self.connections)

    @property
    def is_buffering(self) -> bool:
        """Whether it watches somewhere, and all such places are short of video."""
        watching = [c.state for c in self.connections if c.state in {State.READY, State.BUFFERING}]
        return bool(watching) and State.READY not in watching

    @property
    def is_ready(self) -> bool:
        return any(c.state is State.READY for c in self.connections)


class Actor(Struct, frozen=True):
    """Who asks: a member whom a connection stands for, whoever holds a key's hash, or nobody
    (the server itself and its operators, who give only commands that no client can send)."""

    member_id: UUID | None = None
    key_hash: bytes | None = None
    connection_id: UUID | None = None
    head_start: int | None = None  # ms: for how long its player has been obeying already
    expects: int | None = None  # seq: it means the room as it was then


SERVER = Actor()
