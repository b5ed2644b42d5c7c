"""How people come into a room, are known in it, and leave."""

import unicodedata
from functools import lru_cache
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code, Refused, unknown_user
from syncplay_backend.domain.fields import is_unseen
from syncplay_backend.domain.people import RANK, Actor, Connection, Member, Pace, Role
from syncplay_backend.domain.state import Room


def decide(room: Room, command: c.PeopleCommand, actor: Actor, now: int) -> list[e.Event]:
    match command:
        case c.Join():
            _check_password(room, command.verified_hash)
            _check_space(room, namesake=_named(room, command.name))
            return [take_place(room, command, now)]
        case c.Enter():
            return _enter(room, command, now)
        case c.Leave():
            return leave(room, member_of(room, actor), reason="left", now=now)
        case c.UsePlace():
            return list(keep_place(member_of(room, actor), now))
        case _:
            assert_never(command)


def member_of(room: Room, actor: Actor) -> Member:
    """Whom the actor stands for. Raises `Refused` where that is nobody of this room."""
    member = (
        room.members.get(actor.member_id) if actor.member_id else _holder_of(room, actor.key_hash)
    )
    if member is None:
        raise unknown_user()
    return member


def _holder_of(room: Room, key_hash: bytes | None) -> Member | None:
    return next((m for m in room.members.values() if m.key_hash == key_hash), None)


SLACK = 60_000  # ms


def keep_place(member: Member, now: int) -> list[e.PlaceUsed]:
    """A place that is used over REST lasts on. Not every use is written down: see `SLACK`."""
    if member.is_online:
        return []
    until = now + limits.UNUSED_PLACE if member.away_until is not None else None
    if member.key_used and (until is None or until - (member.away_until or 0) < SLACK):
        return []
    return [e.PlaceUsed(member_id=member.id, away_until=until)]


@lru_cache(maxsize=20_000)  # of everybody in a room, whenever somebody comes in
def name_key(name: str) -> str:
    """Two names that people would take for the same one have the same key."""
    seen = "".join(c for c in name if not is_unseen(c))
    folded = unicodedata.normalize("NFKC", seen).casefold()
    key = " ".join(unicodedata.normalize("NFKC", folded).split())
    return key[: 4 * limits.NAME_LENGTH]  # one letter may unfold to eighteen


def take_place(room: Room, command: c.Join, now: int) -> e.MemberJoined:
    """A new member; the first one of a room that has no host is its host."""
    is_host = room.host_id is None
    member = Member(
        id=command.member_id,
        name=str(command.name),
        key_hash=command.key.hash,
        joined_at=now,
        address=command.address,
        away_until=None if is_host else now + limits.UNUSED_PLACE,
    )
    return e.MemberJoined(member=member, is_host=is_host, at=now, by=member.id)


def _check_password(room: Room, verified_hash: str) -> None:
    if room.password_hash and room.password_hash != verified_hash:
        raise Refused(Code.WRONG_PASSWORD, "This room needs a password, and this is not it.")


def _check_space(room: Room, namesake: Member | None) -> None:
    if namesake is not None:
        raise Refused(
            Code.NAME_TAKEN,
            "Somebody in this room has that name already. Choose another one.",
        )
    if len(room.members) >= limits.MEMBERS_OF_A_ROOM:
        raise Refused(Code.CONFLICT, "This room is full.")


def _named(room: Room, name: str) -> Member | None:
    wanted = name_key(name)
    return next((m for m in room.members.values() if name_key(m.name) == wanted), None)


def _enter(room: Room, command: c.Enter, now: int) -> list[e.Event]:
    if command.key.value in room.members:
        raise Refused(Code.INVALID, "This is a member's public id, not a key.")
    connection = open_connection(command, now)
    member = _holder_of(room, command.key.hash) or _newcomer(room, command, now)
    if not member.is_online:
        return [come_online(room, member, connection, now)]
    opened = e.ConnectionOpened(member_id=member.id, connection=connection)
    return [*_make_way(member), opened, *_pace_of_a_second_player(room, member)]


def open_connection(command: c.Enter | c.Reenter, now: int) -> Connection:
    return Connection(
        id=command.connection_id,
        channel=command.channel,
        opened_at=now,
        lease_until=now + limits.LEASE,
        precise=command.precise,
    )


def come_online(room: Room, member: Member, connection: Connection, now: int) -> e.MemberJoined:
    online = replace(
        member,
        connections=(connection,),
        key_used=True,
        away_until=None,
        pace=_pace_of_a_joiner(room),
    )
    is_host = room.is_host(member) or room.host_id is None
    return e.MemberJoined(member=online, is_host=is_host, at=now, by=member.id)


def _pace_of_a_joiner(room: Room) -> Pace:
    """Nobody who comes in stops those who are watching."""
    is_running = room.timeline.playing or room.wait is not None
    return Pace.CATCHING_UP if is_running else Pace.LOADING


def _pace_of_a_second_player(room: Room, member: Member) -> list[e.PaceChanged]:
    """The same holds for who was there with a player that says nothing, and opens another."""
    if member.pace is not Pace.LOADING or _pace_of_a_joiner(room) is Pace.LOADING:
        return []
    if room.wait is not None and member.id in room.wait.members:
        return []
    return [e.PaceChanged(member_id=member.id, pace=Pace.CATCHING_UP)]


def _make_way(member: Member) -> list[e.ConnectionClosed]:
    if len(member.connections) < limits.CONNECTIONS_OF_A_MEMBER:
        return []
    oldest = min(member.connections, key=lambda connection: connection.opened_at)
    return [e.ConnectionClosed(member_id=member.id, connection_id=oldest.id, crowded_out=True)]


def _newcomer(room: Room, command: c.Enter, now: int) -> Member:
    """Who takes a place over the socket: a new member, or the one whom a REST join named."""
    _check_password(room, command.verified_hash)
    if command.name is None:
        raise Refused(
            Code.UNKNOWN_USER,
            "This key belongs to nobody in the room. Send a userName to take a place.",
        )
    namesake = _named(room, command.name)
    if namesake is not None and _may_claim(room, namesake, command, now):
        return replace(namesake, key_hash=command.key.hash)
    _check_space(room, namesake)
    place = c.Join(
        member_id=command.member_id,
        key=command.key,
        name=command.name,
        address=command.address,
    )
    return take_place(room, place, now).member


def _may_claim(room: Room, place: Member, command: c.Enter, now: int) -> bool:
    """Whether a socket may have the place that a REST join took under the same name.

    Clients of the contract may ignore the key that REST gave them. So that nobody takes another's
    seat: only a plain place, whose key was never used, soon, and from the same address.
    """
    return (
        place.role is Role.MEMBER
        and not room.is_host(place)
        and not place.key_used
        and now - place.joined_at <= limits.CLAIM_PLACE
        and place.address == command.address != ""
    )


def leave(room: Room, member: Member, *, reason: str, now: int) -> list[e.Event]:
    left = e.MemberLeft(member_id=member.id, name=member.name, reason=reason, at=now, by=member.id)
    if not room.is_host(member):
        return [left]
    others = [m for m in room.members.values() if m.id != member.id]
    return [left, e.HostChanged(host_id=_successor(others), at=now, by=None)]


def _successor(members: list[Member]) -> UUID | None:
    """The longest-present member with the highest role; who is online comes first."""
    best = min(
        members,
        key=lambda m: (not m.is_online, -RANK[m.role], m.joined_at, m.id),
        default=None,
    )
    return best.id if best else None
