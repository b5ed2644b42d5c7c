"""When the room stands still for members who are short of video, and when it goes on.

Every wait has an end that is written down when it begins. A joiner never stops anybody, nor does
whoever was once gone on without, until it has been ready again; nor, for a while, who has stopped
everybody three times of late.
"""

from typing import assert_never
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import limits
from syncplay_backend.domain.people import SERVER, Actor, Member, Pace, State
from syncplay_backend.domain.policy import WaitFor
from syncplay_backend.domain.starting import start_of_play
from syncplay_backend.domain.state import Room, apply_all


def decide(room: Room, command: c.WaitCommand, actor: Actor, now: int) -> list[e.Event]:
    match command:
        case c.Report():
            return _report(room, command, actor, now)
        case c.EndWait():
            return _end_wait(room, now)
        case _:
            assert_never(command)


def _report(room: Room, command: c.Report, actor: Actor, now: int) -> list[e.Event]:
    member = room.members.get(actor.member_id) if actor.member_id else None
    held = member.connections if member else ()
    connection = next((held for held in held if held.id == command.connection_id), None)
    if member is None or connection is None or not connection.precise:
        return []
    if connection.state is command.state:
        return []
    reported: list[e.Event] = [
        e.ConnectionReported(member_id=member.id, connection_id=connection.id, state=command.state)
    ]
    if (pace := _pace(member, command.state, now)) is not member.pace:
        reported.append(e.PaceChanged(member_id=member.id, pace=pace))
    after = apply_all(room, reported)
    is_running = after.wait is None and after.timeline.playing
    if is_running and _counts(after, after.members[member.id]):  # else nothing new is to be seen
        return [*reported, *stop_for(after, short_of_video(after), now)]
    return reported


def _pace(member: Member, state: State, now: int) -> Pace:
    """A player that flaps between ready and buffering shall not stop everybody for ever."""
    if state is State.READY:
        return Pace.WATCHING
    flaps = member.stalls_until - now > (limits.STALLS - 1) * limits.STALL_FORGOTTEN
    is_new = state is State.BUFFERING and member.pace is Pace.WATCHING
    return Pace.CATCHING_UP if is_new and flaps else member.pace


def short_of_video(room: Room) -> list[Member]:
    """Whom the room waits for, as things stand."""
    return [member for member in room.members.values() if _counts(room, member)]


def _counts(room: Room, member: Member) -> bool:
    match room.settings.wait:
        case WaitFor.NEVER:
            return False
        case WaitFor.HOST if not room.is_host(member):
            return False
        case _:
            return member.is_buffering and member.pace is not Pace.CATCHING_UP


def stop_for(room: Room, members: list[Member], now: int) -> list[e.Event]:
    """Stand still where the video is now; a stalled player's own position is nobody's.

    However often its members stall anew, one wait lasts no longer than a first load may take.
    """
    if not members:
        return []
    since = room.wait.since if room.wait else now
    known = room.wait.members if room.wait else {}
    latest = since + limits.FIRST_LOAD
    until = {m.id: known.get(m.id, min(latest, now + _patience(m))) for m in members}
    position = room.timeline.position_at(now)
    return [e.Waiting(members=until, since=since, position=position, at=now, by=None)]


def _patience(member: Member) -> int:
    return limits.FIRST_LOAD if member.pace is Pace.LOADING else limits.REBUFFER


def _end_wait(room: Room, now: int) -> list[e.Event]:
    if room.wait is None:
        return []
    return [*go_on_without(*(id for id, until in room.wait.members.items() if until <= now))]


def go_on_without(*member_ids: UUID) -> list[e.Event]:
    return [e.PaceChanged(member_id=id, pace=Pace.CATCHING_UP) for id in member_ids]


def settle(room: Room, now: int) -> list[e.Event]:
    """What becomes of a wait after anything has happened: it ends, changes, or stays."""
    if room.wait is None:
        return []
    members = short_of_video(room)
    if not members:
        return [resume(room, SERVER, now)]
    if {member.id for member in members} == room.wait.members.keys():
        return []
    return stop_for(room, members, now)


def resume(room: Room, actor: Actor, now: int) -> e.Played:
    """Go on from where the room stands."""
    return e.Played(
        position=room.timeline.position_at(now),
        starts_at=start_of_play(room, actor, now),
        at=now,
        by=actor.member_id,
    )
