"""Bytes to commands, and what happened to bytes: the frames of the socket.

A frame is `{"type", "data"}`; one that bears a numbered event has `seq`, `roomId`, `userId` (the
public id of who did it) and `timestamp` beside them.
"""

from typing import Any, Literal, assert_never
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import fields
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.timeline import Timeline
from syncplay_backend.domain.views import RoomView, member_view, number


class JoinFrame(Struct, frozen=True, tag="join", rename="camel"):
    """The first frame of a connection. `protocol` 2 asks for every event, one's own too."""

    user_name: fields.Name | None = None
    password: fields.Password | None = None
    protocol: Literal[1, 2] = 1


class HeartbeatFrame(Struct, frozen=True, tag="heartbeat"):
    """Is the server there, and what time has it?"""


Incoming = JoinFrame | HeartbeatFrame | c.PlaybackCommand | c.Leave
INCOMING: dict[str, type[Incoming]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        JoinFrame, HeartbeatFrame, c.Play, c.Pause, c.Seek, c.ChangeVideo, c.Leave
    )
}  # fmt: skip

# What the contract has a type for, and of these what a connection knows because it did it itself.
CONTRACT_EVENTS = frozenset(
    {
        "play",
        "pause",
        "seek",
        "video_changed",
        "user_joined",
        "user_offline",
        "user_left",
    }
)
NOT_ECHOED = frozenset({"play", "pause", "seek", "video_changed"})


class Envelope(Struct, frozen=True, rename="camel"):
    type: str
    user_id: fields.Key | None = None
    data: dict[str, Any] | None = None


_objects = msgspec.json.Decoder(dict[str, Any])
_encoder = msgspec.json.Encoder()


def decode(text: str | bytes) -> tuple[Incoming, fields.Key | None]:
    """What a client's frame says, and the key it names. Raises `Refused` (`invalid`)."""
    try:
        envelope = fields.read(Envelope, _objects.decode(text))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused(Code.INVALID, 'A frame is a JSON object: {"type": …, "data": {…}}.') from None
    kind = INCOMING.get(envelope.type)
    if kind is None:
        raise Refused(Code.INVALID, f"There is no type “{envelope.type[:40]}”.")
    return fields.read(kind, envelope.data or {}), envelope.user_id


class PlaybackData(Struct, frozen=True, rename="camel"):
    position: float | int
    at: int
    is_playing: bool
    rate: float | int


class VideoData(Struct, frozen=True, rename="camel"):
    video_url: str
    video_title: str
    position: int
    is_playing: bool
    at: int


class PersonData(Struct, frozen=True):
    id: UUID
    name: str


class LeftData(Struct, frozen=True):
    id: UUID
    user_id: UUID
    name: str
    reason: str


class HostData(Struct, frozen=True):
    id: UUID | None


class NoData(Struct, frozen=True):
    """An event of which there is nothing to say but that it happened."""


def event_data(event: e.Numbered, timeline: Timeline) -> Struct:
    """What clients are told of the event; `timeline` is the room's after it."""
    if isinstance(event, e.PlaybackEvent):
        return _playback_data(event, timeline)
    return _people_data(event)


def _playback_data(event: e.PlaybackEvent, timeline: Timeline) -> Struct:
    match event:
        case e.Played() | e.Paused() | e.Sought():
            return PlaybackData(
                position=number(event.position),
                at=event.at,
                is_playing=timeline.playing,
                rate=number(timeline.rate),
            )
        case e.VideoChanged():
            return VideoData(event.url, event.title, position=0, is_playing=False, at=event.at)
        case _:
            assert_never(event)


def _people_data(event: e.PeopleEvent) -> Struct:
    match event:
        case e.MemberJoined():
            return member_view(event.member, is_host=event.is_host)
        case e.MemberWentOffline():
            return PersonData(event.member_id, event.name)
        case e.MemberLeft():
            return LeftData(event.member_id, event.member_id, event.name, event.reason)
        case e.HostChanged():
            return HostData(event.host_id)
        case e.RoomClosed():
            return NoData()
        case _:
            assert_never(event)


def event_type(event: e.Numbered) -> str:
    return str(event.__struct_config__.tag)


class NumberedFrame(Struct, frozen=True, rename="camel"):
    """A numbered event as it goes over the socket; the history keeps the same fields."""

    type: str
    seq: int
    room_id: UUID
    user_id: UUID | None
    timestamp: str
    data: Any


class ErrorData(Struct, frozen=True, rename="camel"):
    error: str
    code: str
    retryable: bool
    retry_after: float | UnsetType = UNSET  # seconds
    errors: dict[str, list[str]] | UnsetType = UNSET


class HeartbeatData(Struct, frozen=True):
    timestamp: float  # seconds
    at: int  # milliseconds


class Frame(Struct, frozen=True):
    type: str
    data: RoomView | ErrorData | HeartbeatData


def encode(frame: Frame | NumberedFrame) -> str:
    return _encoder.encode(frame).decode()


def room_update(view: RoomView) -> str:
    return encode(Frame("room_update", view))


def heartbeat(now: int) -> str:
    return encode(Frame("heartbeat", HeartbeatData(timestamp=now / 1000, at=now)))


def error(refused: Refused) -> str:
    data = ErrorData(
        error=refused.message,
        code=refused.code,
        retryable=refused.retryable,
        retry_after=UNSET if refused.retry_after is None else round(refused.retry_after, 3),
        errors=refused.errors or UNSET,
    )
    return encode(Frame("error", data))
