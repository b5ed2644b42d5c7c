"""`decide(room, command, actor, now)`: what a command causes, or why it is refused.

Nothing else says no to a command. One `match` for each family of commands, in the modules
`deciding_…`; the table here joins them.
"""

from collections.abc import Callable
from typing import Any, get_args

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import (
    deciding_leases,
    deciding_people,
    deciding_playback,
    deciding_rooms,
    deciding_talk,
    deciding_waits,
)
from syncplay_backend.domain import events as e
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.people import Actor
from syncplay_backend.domain.state import Room, apply_all

Family = Callable[[Room, Any, Actor, int], list[e.Event]]

FAMILIES: dict[type, Family] = {
    **dict.fromkeys(get_args(c.PlaybackCommand), deciding_playback.decide),
    **dict.fromkeys(get_args(c.TalkCommand), deciding_talk.decide),
    **dict.fromkeys(get_args(c.WaitCommand), deciding_waits.decide),
    **dict.fromkeys(get_args(c.PeopleCommand), deciding_people.decide),
    **dict.fromkeys(get_args(c.LeaseCommand), deciding_leases.decide),
    **dict.fromkeys(get_args(c.RoomCommand), deciding_rooms.decide),
}

# What tidies up goes on in a closed room, until it is deleted.
_TIDYING = (c.Disconnect, c.EndLease, c.GiveUpPlace, c.Leave)


def decide(room: Room, command: c.Command, actor: Actor, now: int) -> list[e.Event]:
    """The events that the command causes, in order; none where there is nothing to change.

    `now` is the server's clock in milliseconds. Raises `Refused`.
    """
    if room.closed_at is not None and not isinstance(command, _TIDYING):
        raise Refused(Code.ROOM_CLOSED, "This room has been closed. Create a new one.")
    if actor.expects is not None and room.control_seq > actor.expects:
        raise Refused(Code.CONFLICT, "Somebody was faster: the room is not as you saw it.")
    events = FAMILIES[type(command)](room, command, actor, now)
    if room.wait is None:
        return events
    return [*events, *deciding_waits.settle(apply_all(room, events), now)]


def create(command: c.Create, now: int) -> tuple[Room, list[e.Event]]:
    """A room that nobody has seen yet, and the events that fill it."""
    room = Room(
        id=command.room_id,
        name=str(command.name),
        created_at=now,
        epoch=command.epoch,
        visibility=command.visibility,
        password_hash=command.password_hash,
        settings=command.settings,
        active_at=now,
    )
    return room, _founding(room, command, now)


def _founding(room: Room, command: c.Create, now: int) -> list[e.Event]:
    joined = deciding_people.take_place(room, command.host, now)
    if command.video_url is None:
        return [joined]
    changed = e.VideoChanged(
        url=str(command.video_url),
        title=str(command.video_title),
        at=now,
        by=command.host.member_id,
    )
    return [joined, changed]
