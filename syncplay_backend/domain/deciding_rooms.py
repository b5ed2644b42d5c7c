"""What operators, and the server for them, do with a whole room."""

from typing import assert_never

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.people import Actor
from syncplay_backend.domain.state import Room


def decide(room: Room, command: c.RoomCommand, actor: Actor, now: int) -> list[e.Event]:
    match command:
        case c.Retire():
            return _retire(room, command.quiet_since, now)
        case c.Close():
            return [e.RoomClosed(at=now, by=None)]
        case c.Reanchor():
            return _reanchor(room, command, now)
        case _:
            assert_never(command)


def _retire(room: Room, quiet_since: int, now: int) -> list[e.Event]:
    in_use = any(member.is_online for member in room.members.values())
    if in_use or room.active_at > quiet_since:
        return []
    return [e.RoomClosed(at=now, by=None)]


def _reanchor(room: Room, command: c.Reanchor, now: int) -> list[e.Event]:
    if not room.timeline.playing or room.timeline.at != command.anchored_at:
        return []
    position = room.timeline.position_at(now - command.by)
    return [e.Sought(position=position, at=now, by=None)]
