"""What playback commands cause."""

from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.deciding_people import keep_place, member_of
from syncplay_backend.domain.deciding_waits import go_on_without, short_of_video, stop_for
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.people import Actor
from syncplay_backend.domain.permissions import may_control
from syncplay_backend.domain.starting import start_of_play
from syncplay_backend.domain.state import Room, apply_all
from syncplay_backend.domain.timeline import to_milliseconds


def decide(room: Room, command: c.PlaybackCommand, actor: Actor, now: int) -> list[e.Event]:
    member = member_of(room, actor)
    if not may_control(room, member):
        raise Refused(Code.NOT_ALLOWED, "Only the host may control this room.")
    if isinstance(command, c.Play):
        happenings = _play(room, command, replace(actor, member_id=member.id), now)
    else:
        happenings = _happenings(room, command, member.id, now)
    return [*keep_place(member, now), *happenings]


def _play(room: Room, command: c.Play, actor: Actor, now: int) -> list[e.Event]:
    """Start, unless somebody is short of video; asked once more, go on without them."""
    if room.timeline.playing and command.position is None:
        return []
    played = e.Played(
        position=_aim(room, command.position, now),
        starts_at=start_of_play(room, actor, now),
        at=now,
        by=actor.member_id,
    )
    if room.wait is not None:
        return [*go_on_without(*room.wait.members), played]
    return [played, *stop_for(apply_all(room, [played]), short_of_video(room), now)]


def _happenings(
    room: Room,
    command: c.Pause | c.Seek | c.SetRate | c.ChangeVideo,
    by: UUID,
    now: int,
) -> list[e.Event]:
    match command:
        case c.Pause(position=None) if not room.timeline.playing and room.wait is None:
            return []
        case c.Pause():
            return [e.Paused(position=_aim(room, command.position, now), at=now, by=by)]
        case c.Seek():
            return [e.Sought(position=_aim(room, command.position, now), at=now, by=by)]
        case c.SetRate():
            return _set_rate(room, command.rate, by, now)
        case c.ChangeVideo():
            url, title = str(command.video_url), str(command.video_title)
            return [e.VideoChanged(url=url, title=title, at=now, by=by)]
        case _:
            assert_never(command)


def _set_rate(room: Room, rate: float, by: UUID, now: int) -> list[e.Event]:
    if rate == room.timeline.rate:
        return []
    position = room.timeline.position_at(now)
    still_to_start = room.timeline.playing and room.timeline.at > now
    starts_at = room.timeline.at if still_to_start else now
    return [e.RateChanged(rate=rate, position=position, starts_at=starts_at, at=now, by=by)]


def _aim(room: Room, asked: float | None, now: int) -> float:
    return room.timeline.position_at(now) if asked is None else to_milliseconds(asked)
