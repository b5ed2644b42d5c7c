"""What people say, and how they want the room to be."""

from typing import assert_never

from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.deciding_people import keep_place, member_of
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.people import Actor, Member
from syncplay_backend.domain.state import Room


def decide(room: Room, command: c.TalkCommand, actor: Actor, now: int) -> list[e.Event]:
    member = member_of(room, actor)
    return [*keep_place(member, now), *_happenings(room, command, member, now)]


def _happenings(room: Room, command: c.TalkCommand, member: Member, now: int) -> list[e.RoomEvent]:
    position = room.timeline.position_at(now)
    match command:
        case c.Say():
            return [e.Said(text=str(command.text), position=position, at=now, by=member.id)]
        case c.React():
            emoji = str(command.emoji)
            return [e.Reacted(emoji=emoji, position=position, at=now, by=member.id)]
        case c.ChangeSettings():
            return _change_settings(room, command, member, now)
        case _:
            assert_never(command)


def _change_settings(
    room: Room, command: c.ChangeSettings, member: Member, now: int
) -> list[e.RoomEvent]:
    if not room.is_host(member):
        raise Refused(Code.NOT_ALLOWED, "Only the host may change the room's settings.")
    settings = replace(
        room.settings,
        control=command.control or room.settings.control,
        wait=command.wait or room.settings.wait,
    )
    if settings == room.settings:
        return []
    return [e.SettingsChanged(settings=settings, at=now, by=member.id)]
