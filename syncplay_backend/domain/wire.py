"""Bytes to commands, and what happened to bytes: the frames of the socket.

A frame is `{"type", "data"}`; one that bears a numbered event has `seq`, `roomId`, `userId` (the
public id of who did it) and `timestamp` beside them.
"""

from hashlib import sha256
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import fields
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import COMMAND_ID_LENGTH
from syncplay_backend.domain.views import MemberStatus, RoomView

Seq = Annotated[int, Meta(ge=0, le=2**53)]
# Taken as it is, for it comes back; but no database takes control characters (U+0000 above all).
CommandId = Annotated[
    str, Meta(min_length=1, max_length=COMMAND_ID_LENGTH, pattern=r"^[^\u0000-\u001f]*$")
]
Milliseconds = Annotated[float, Meta(ge=-1e15, le=1e15)]


class JoinFrame(Struct, frozen=True, tag="join", rename="camel"):
    """The first frame of a connection. `protocol` 2 asks for every event, one's own too;
    `last_seq` and `epoch`, of the room as it was last seen, ask for what was missed."""

    user_name: fields.Name | None = None
    password: fields.Password | None = None
    protocol: Literal[1, 2] = 1
    last_seq: Seq | None = None
    epoch: UUID | None = None


class HeartbeatFrame(Struct, frozen=True, tag="heartbeat"):
    """Is the server there, and what time has it?"""


class TimeFrame(Struct, frozen=True, tag="time"):
    """What time is it? `t0` is the asker's own clock, in milliseconds."""

    t0: Milliseconds


class StatusFrame(Struct, frozen=True, tag="status", rename="camel"):
    """How a player is: `offset` is its distance from the room's timeline, in milliseconds."""

    state: Literal["ready", "buffering", "blocked", "hidden"]
    position: fields.Position | None = None
    rate: fields.Rate | None = None
    offset: Milliseconds | None = None


class TypingFrame(Struct, frozen=True, tag="typing"):
    typing: bool


Commands = c.PlaybackCommand | c.TalkCommand | c.Leave
Fleeting = HeartbeatFrame | TimeFrame | StatusFrame | TypingFrame
Incoming = JoinFrame | Fleeting | Commands
INCOMING: dict[str, type[Incoming]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Incoming)
}

# What the contract has a type for, and of these what a connection knows because it did it itself.
NOT_ECHOED = frozenset({"play", "pause", "seek", "video_changed"})
PRESENCE = frozenset({"user_joined", "user_offline", "user_left"})
CONTRACT_EVENTS = NOT_ECHOED | PRESENCE


# What changes the room itself: contract connections, which have no word for it, are sent it whole.
ROOM_CHANGES = frozenset({"rate", "waiting", "host_changed", "settings_changed"})
TIMELINE = frozenset({"play", "pause", "seek", "rate", "video_changed", "waiting"})


class Envelope(Struct, frozen=True, rename="camel"):
    type: str
    user_id: fields.Key | None = None
    data: dict[str, Any] | None = None
    id: CommandId | None = None


class Expectation(Struct, frozen=True, rename="camel"):
    seq: Seq


class Terms(Struct, frozen=True, rename="camel"):
    """What may stand in any command's data, beside its own fields."""

    expect: Expectation | None = None


class Said(Struct, frozen=True):
    """A frame of a client, read."""

    what: Incoming
    key: fields.Key | None = None
    id: str | None = None
    expects: int | None = None  # seq


_objects = msgspec.json.Decoder(dict[str, Any])
_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(enc_hook=str, order="deterministic")


def open_envelope(text: str | bytes) -> Envelope:
    """What a client's frame is about. Raises `Refused` (`invalid`)."""
    try:
        return fields.read(Envelope, _objects.decode(text))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused(Code.INVALID, 'A frame is a JSON object: {"type": …, "data": {…}}.') from None


def decode(envelope: Envelope) -> Said:
    """What the frame says. Raises `Refused` (`invalid`)."""
    what, expects = read_command(envelope.type, envelope.data or {})
    return Said(what, envelope.user_id, envelope.id, expects)


def read_command(type: str, data: dict[str, Any]) -> tuple[Incoming, int | None]:
    """What the data of a type says, and which seq it expects. Raises `Refused` (`invalid`)."""
    kind = INCOMING.get(type)
    if kind is None:
        raise Refused(Code.INVALID, f"There is no type “{type[:40]}”.")
    terms = fields.read(Terms, data) if "expect" in data else Terms()
    return fields.read(kind, data), terms.expect.seq if terms.expect else None


def read_order(type: str, data: dict[str, Any]) -> tuple[Commands, int | None]:
    """The same, of those types that are commands."""
    what, expects = read_command(type, data)
    if isinstance(what, JoinFrame | Fleeting):
        raise Refused(Code.INVALID, f"“{type}” is for the socket only.")
    return what, expects


def digest(command: Struct) -> str:
    """Equal for commands of the same type and content."""
    return sha256(_canonical.encode(command)).hexdigest()[:32]


class NumberedFrame(Struct, frozen=True, rename="camel"):
    """A numbered event as it goes over the socket; the history keeps the same fields."""

    type: str
    seq: int
    room_id: UUID
    user_id: UUID | None
    timestamp: str
    data: Any


class MergedFrame(Struct, frozen=True, rename="camel"):
    """Stands for the numbered events from `from_seq` to `seq`; `timestamp` is the last one's."""

    type: str
    from_seq: int
    seq: int
    room_id: UUID
    timestamp: str
    data: Any


class ErrorData(Struct, frozen=True, rename="camel"):
    error: str
    code: str
    retryable: bool
    retry_after: float | UnsetType = UNSET  # seconds
    errors: dict[str, list[str]] | UnsetType = UNSET
    ref: str | UnsetType = UNSET


class HeartbeatData(Struct, frozen=True):
    timestamp: float  # seconds
    at: int  # milliseconds


class Frame(Struct, frozen=True):
    type: str
    data: Any


class AckData(Struct, frozen=True):
    ref: str
    seq: int


class ResumedData(Struct, frozen=True):
    seq: int


class TimeData(Struct, frozen=True):
    """Milliseconds: the asker's stamp, and when the server heard it and answered."""

    t0: float
    t1: float
    t2: float


class TypingData(Struct, frozen=True):
    id: UUID
    typing: bool


class StatusData(Struct, frozen=True):
    """Of those members whose player has something new to say."""

    members: list[MemberStatus]


def encode(frame: Frame | NumberedFrame | MergedFrame) -> str:
    return _encoder.encode(frame).decode()


def room_update(view: RoomView) -> str:
    return encode(Frame("room_update", view))


def heartbeat(now: int) -> str:
    return encode(Frame("heartbeat", HeartbeatData(timestamp=now / 1000, at=now)))


def time(t0: float, t1: float, t2: float) -> str:
    return encode(Frame("time", TimeData(t0, t1, t2)))


def ack(ref: str, seq: int) -> str:
    return encode(Frame("ack", AckData(ref, seq)))


def resumed(seq: int) -> str:
    return encode(Frame("resumed", ResumedData(seq)))


def typing(member_id: UUID, is_typing: bool) -> str:
    return encode(Frame("typing", TypingData(member_id, is_typing)))


def status(members: list[MemberStatus]) -> str:
    return encode(Frame("status", StatusData(members)))


def error(refused: Refused, ref: str | None = None) -> str:
    data = ErrorData(
        error=refused.message,
        code=refused.code,
        retryable=refused.retryable,
        retry_after=UNSET if refused.retry_after is None else round(refused.retry_after, 3),
        errors=refused.errors or UNSET,
        ref=ref or UNSET,
    )
    return encode(Frame("error", data))
