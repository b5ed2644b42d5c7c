"""Who is in a room: members, and the connections that they hold."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Role(StrEnum):
    """What a member is trusted with, from the least to the most. The host is above them all."""

    MEMBER = "member"
    MODERATOR = "moderator"


RANK = {role: rank for rank, role in enumerate(Role)}


class Connection(Struct, frozen=True):
    """A socket of a member; after `lease_until` (ms) it counts as gone, unless it is renewed."""

    id: UUID
    channel: str  # the process that serves it, as the channel layer knows it
    opened_at: int
    lease_until: int


class Member(Struct, frozen=True):
    """A person who holds a place in the room, connected or not."""

    id: UUID
    name: str
    key_hash: bytes
    joined_at: int
    role: Role = Role.MEMBER
    key_used: bool = False
    address: str = ""  # a keyed hash of where the place was taken from
    away_until: int | None = None  # ms: when the place is given up, unless its member is seen
    connections: tuple[Connection, ...] = ()

    @property
    def is_online(self) -> bool:
        return bool(self.connections)


class Actor(Struct, frozen=True):
    """Who asks: a member whom a connection stands for, whoever holds a key's hash, or nobody
    (the server itself and its operators, who give only commands that no client can send)."""

    member_id: UUID | None = None
    key_hash: bytes | None = None
    connection_id: UUID | None = None


SERVER = Actor()
