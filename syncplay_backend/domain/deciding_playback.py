"""What playback commands cause."""

from typing import assert_never
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.deciding_people import keep_place, member_of
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.people import Actor
from syncplay_backend.domain.permissions import may_control
from syncplay_backend.domain.state import Room
from syncplay_backend.domain.timeline import to_milliseconds


def decide(room: Room, command: c.PlaybackCommand, actor: Actor, now: int) -> list[e.Event]:
    member = member_of(room, actor)
    if not may_control(room, member):
        raise Refused(Code.NOT_ALLOWED, "Only the host may control this room.")
    return [*keep_place(member, now), *_happenings(room, command, member.id, now)]


def _happenings(
    room: Room, command: c.PlaybackCommand, by: UUID, now: int
) -> list[e.PlaybackEvent]:
    playing = room.timeline.playing
    match command:
        case c.Play(position=None) if playing:
            return []
        case c.Pause(position=None) if not playing:
            return []
        case c.Play():
            return [e.Played(position=_aim(room, command.position, now), at=now, by=by)]
        case c.Pause():
            return [e.Paused(position=_aim(room, command.position, now), at=now, by=by)]
        case c.Seek():
            return [e.Sought(position=_aim(room, command.position, now), at=now, by=by)]
        case c.ChangeVideo():
            url, title = str(command.video_url), str(command.video_title)
            return [e.VideoChanged(url=url, title=title, at=now, by=by)]
        case _:
            assert_never(command)


def _aim(room: Room, asked: float | None, now: int) -> float:
    return room.timeline.position_at(now) if asked is None else to_milliseconds(asked)
