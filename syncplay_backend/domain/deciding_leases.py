"""What time and lost sockets cause.

The deadlines stand in the room: a timer anywhere only hurries the command up, and the command
looks whether it is due. So any process may send it, and it takes effect once.
"""

from typing import assert_never
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import limits
from syncplay_backend.domain.deciding_people import come_online, leave, member_of, open_connection
from syncplay_backend.domain.people import Actor, Connection, Member
from syncplay_backend.domain.state import Room


def decide(room: Room, command: c.LeaseCommand, actor: Actor, now: int) -> list[e.Event]:
    match command:
        case c.Disconnect():
            return _disconnect(room, actor.member_id, command.connection_id, now)
        case c.EndLease():
            return _end_lease(room, command, now)
        case c.Reenter():
            connection = open_connection(command, now)
            return _reenter(room, member_of(room, actor), connection, now)
        case c.GiveUpPlace():
            return _give_up_place(room, command.member_id, now)
        case c.NoteRoundTrip():
            return _note_round_trip(room, actor.member_id, command)
        case _:
            assert_never(command)


def _disconnect(room: Room, member_id: UUID | None, connection_id: UUID, now: int) -> list[e.Event]:
    member, connection = _find(room, member_id, connection_id)
    if member is None or connection is None:
        return []
    if len(member.connections) > 1:
        return [e.ConnectionClosed(member_id=member.id, connection_id=connection.id)]
    return [
        e.MemberWentOffline(
            member_id=member.id,
            name=member.name,
            away_until=now + limits.GRACE,
            at=now,
            by=member.id,
        )
    ]


def _end_lease(room: Room, command: c.EndLease, now: int) -> list[e.Event]:
    _, connection = _find(room, command.member_id, command.connection_id)
    if connection is None or connection.lease_until > now:
        return []
    return _disconnect(room, command.member_id, command.connection_id, now)


def _note_round_trip(room: Room, member_id: UUID | None, command: c.NoteRoundTrip) -> list[e.Event]:
    member, connection = _find(room, member_id, command.connection_id)
    if member is None or connection is None:
        return []
    return [
        e.RoundTripNoted(
            member_id=member.id, connection_id=connection.id, round_trip=command.round_trip
        )
    ]


def _find(
    room: Room, member_id: UUID | None, connection_id: UUID
) -> tuple[Member | None, Connection | None]:
    member = room.members.get(member_id) if member_id else None
    held = member.connections if member else ()
    return member, next((c for c in held if c.id == connection_id), None)


def _give_up_place(room: Room, member_id: UUID, now: int) -> list[e.Event]:
    member = room.members.get(member_id)
    if member is None or member.is_online:
        return []
    if member.away_until is None or member.away_until > now:
        return []
    return leave(room, member, reason="away", now=now)


def _reenter(room: Room, member: Member, connection: Connection, now: int) -> list[e.Event]:
    if any(held.id == connection.id for held in member.connections):
        return []
    if member.is_online:
        return [e.ConnectionOpened(member_id=member.id, connection=connection)]
    return [come_online(room, member, connection, now)]
