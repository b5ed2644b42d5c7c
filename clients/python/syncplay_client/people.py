"""Who is in a room, and what is known of them and from them."""

from msgspec import Struct

HOST, MEMBER = "host", "member"


class Member(Struct, frozen=True):
    id: str
    name: str
    is_host: bool = False
    is_online: bool = False
    role: str = MEMBER


class Status(Struct, frozen=True):
    """How somebody's player is doing, as it said last; `round_trip` is what the server measured."""

    id: str
    state: str = "ready"
    position: float | None = None
    offset: float | None = None  # milliseconds ahead of the room
    rate: float | None = None
    round_trip: float | None = None  # milliseconds


class Waiting(Struct, frozen=True, rename={"members": "for"}):
    """For whom the room stands still, and until when at most; for nobody when it is empty."""

    members: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None


class Line(Struct, frozen=True):
    """What somebody said, and where the video stood."""

    seq: int
    by: str | None
    text: str
    position: float
