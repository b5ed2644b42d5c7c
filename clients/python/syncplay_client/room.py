"""A room as a client has it, and what each event makes of it. Pure.

Every numbered event is one further than the last. What was seen already is passed over, and where
one is missing nothing is guessed: `Gap` says so, and the session asks for the room anew.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from syncplay_client.frames import Frame, T, read
from syncplay_client.people import HOST, MEMBER, Line, Member, Status, Waiting
from syncplay_client.timeline import Timeline

CHAT_KEPT = 200


class Gap(Exception):  # noqa: N818 - a thing that happens, and is mended
    """Events between the last one seen and this one are missing."""


class Room(Struct, frozen=True, kw_only=True):
    id: str
    name: str = ""
    epoch: str = ""
    seq: int = 0
    host_id: str | None = None
    video_url: str = ""
    video_title: str = ""
    timeline: Timeline = Timeline()
    settings: dict[str, Any] = {}
    members: dict[str, Member] = {}
    statuses: dict[str, Status] = {}
    waiting: Waiting = Waiting()
    chat: tuple[Line, ...] = ()
    is_closed: bool = False

    @property
    def online(self) -> list[Member]:
        return [member for member in self.members.values() if member.is_online]


class _Motion(Struct, rename="camel"):
    """The timeline as it is told each time, whole but for the rate of a `waiting`."""

    position: float
    at: float
    is_playing: bool
    rate: float | None = None

    def timeline(self, before: Timeline) -> Timeline:
        rate = before.rate if self.rate is None else self.rate
        return Timeline(self.position, self.at, self.is_playing, rate)


class _Snapshot(Struct):
    """`room_update`, as REST writes a room."""

    id: str
    current_position: float
    position_at: float  # in the future while a play is scheduled
    is_playing: bool
    seq: int = 0
    epoch: str = ""
    name: str = ""
    host_id: str | None = None
    current_video_url: str = ""
    current_video_title: str = ""
    playback_rate: float = 1.0
    users: list[Member] = []
    settings: dict[str, Any] = {}
    waiting: Waiting | None = None

    @property
    def timeline(self) -> Timeline:
        return Timeline(
            self.current_position, self.position_at, self.is_playing, self.playback_rate
        )


class _Video(Struct, rename="camel"):
    video_url: str
    at: float
    video_title: str = ""


class _Who(Struct):
    id: str | None = None
    role: str = MEMBER


class _Presence(Struct):
    """Many comings and goings in one: each member once, as it is after them all."""

    joined: list[Member] = []
    offline: list[_Who] = []
    left: list[_Who] = []


class _Statuses(Struct):
    members: list[Status] = []


class _Said(Struct):
    text: str
    position: float = 0.0


class _Settings(Struct):
    settings: dict[str, Any] = {}


def from_snapshot(data: object, chat: tuple[Line, ...] = ()) -> Room:
    """The room that a `room_update` shows; it shows no chat, so what is known of it is kept."""
    seen = read(_Snapshot, data)
    return Room(
        id=seen.id,
        name=seen.name,
        epoch=seen.epoch,
        seq=seen.seq,
        host_id=seen.host_id,
        video_url=seen.current_video_url,
        video_title=seen.current_video_title,
        timeline=seen.timeline,
        settings=seen.settings,
        members={member.id: member for member in seen.users},
        waiting=seen.waiting or Waiting(),
        chat=chat,
    )


def follow(room: Room, frame: Frame) -> Room:
    """The room after the event. Raises `Gap`, or `NotUnderstood` with the room as it was."""
    if frame.seq is None or frame.first_seq is None:
        return _change(room, frame)
    if frame.seq <= room.seq:
        return room
    if frame.first_seq > room.seq + 1:
        raise Gap(f"after {room.seq} came {frame.first_seq}")
    return replace(_change(room, frame), seq=frame.seq)


def passed(room: Room, frame: Frame) -> Room:
    """The room after an event that says nothing to us: only its number counts."""
    return room if frame.seq is None else replace(room, seq=max(room.seq, frame.seq))


def _change(room: Room, frame: Frame) -> Room:
    change = _CHANGES.get(frame.type)
    return change(room, frame) if change else room


def _move(room: Room, frame: Frame) -> Room:
    return replace(room, timeline=read(_Motion, frame.data).timeline(room.timeline))


def _play_or_pause(room: Room, frame: Frame) -> Room:
    """Whoever the room waited for, it waits no more."""
    return replace(_move(room, frame), waiting=Waiting())


def _wait(room: Room, frame: Frame) -> Room:
    return replace(_move(room, frame), waiting=read(Waiting, frame.data))


def _change_video(room: Room, frame: Frame) -> Room:
    video = read(_Video, frame.data)
    return replace(
        room,
        video_url=video.video_url,
        video_title=video.video_title,
        timeline=Timeline(at=video.at),
        waiting=Waiting(),
    )


def _see(room: Room, frame: Frame) -> Room:
    return _joined(room, read(Member, frame.data))


def _lose(room: Room, frame: Frame) -> Room:
    return _offline(room, read(_Who, frame.data).id or "")


def _part(room: Room, frame: Frame) -> Room:
    return _without(room, read(_Who, frame.data).id or "")


def _merge(room: Room, frame: Frame) -> Room:
    merged = read(_Presence, frame.data)
    for member in merged.joined:
        room = _joined(room, member)
    for who in merged.offline:
        room = _offline(room, who.id or "")
    for who in merged.left:
        room = _without(room, who.id or "")
    return room


def _joined(room: Room, member: Member) -> Room:
    room = replace(_with(room, member), host_id=member.id if member.is_host else room.host_id)
    return room if member.is_online else replace(room, statuses=_others(room.statuses, member.id))


def _offline(room: Room, id: str) -> Room:
    if id not in room.members:
        return room
    offline = replace(room.members[id], is_online=False)
    return replace(_with(room, offline), statuses=_others(room.statuses, id))


def _crown(room: Room, frame: Frame) -> Room:
    host_id = read(_Who, frame.data).id
    members = {id: _crowned(member, id == host_id) for id, member in room.members.items()}
    return replace(room, host_id=host_id, members=members)


def _crowned(member: Member, is_host: bool) -> Member:
    former = MEMBER if member.role == HOST else member.role
    return replace(member, is_host=is_host, role=HOST if is_host else former)


def _give_role(room: Room, frame: Frame) -> Room:
    given = read(_Who, frame.data)
    member = room.members.get(given.id or "")
    return _with(room, replace(member, role=given.role)) if member else room


def _settle(room: Room, frame: Frame) -> Room:
    return replace(room, settings=room.settings | read(_Settings, frame.data).settings)


def _hear_of(room: Room, frame: Frame) -> Room:
    told = {status.id: status for status in read(_Statuses, frame.data).members}
    return replace(room, statuses=room.statuses | told)


def _hear(room: Room, frame: Frame) -> Room:
    said = read(_Said, frame.data)
    line = Line(frame.seq or room.seq, frame.user_id, said.text, said.position)
    return replace(room, chat=(*room.chat, line)[-CHAT_KEPT:])


def _close(room: Room, frame: Frame) -> Room:
    return replace(room, is_closed=True, waiting=Waiting())


def _with(room: Room, member: Member) -> Room:
    return replace(room, members={**room.members, member.id: member})


def _without(room: Room, id: str) -> Room:
    return replace(room, members=_others(room.members, id), statuses=_others(room.statuses, id))


def _others(known: dict[str, T], id: str) -> dict[str, T]:
    return {key: value for key, value in known.items() if key != id}


_CHANGES: dict[str, Callable[[Room, Frame], Room]] = {
    "play": _play_or_pause,
    "pause": _play_or_pause,
    "seek": _move,
    "rate": _move,
    "video_changed": _change_video,
    "user_joined": _see,
    "user_offline": _lose,
    "user_left": _part,
    "presence": _merge,
    "host_changed": _crown,
    "role_changed": _give_role,
    "settings_changed": _settle,
    "waiting": _wait,
    "status": _hear_of,
    "chat": _hear,
    "room_closed": _close,
}
