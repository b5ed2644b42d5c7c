"""Writing who is in a room: members, and the sockets that they hold."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from syncplay_backend.domain.deciding_people import name_key
from syncplay_backend.domain.people import Connection, Member
from syncplay_backend.domain.state import Room
from syncplay_backend.rooms.bulk import Row, Table, Write, adapted, binary, instant
from syncplay_backend.rooms.models import RoomSession, User

Changes = list[tuple[Room | None, Room]]  # each room before and after; None: it is new

_NEWCOMERS = Table(
    User, "id", "room_id", "name", "joined_at", "name_key", "address", "last_seen", "is_host",
    "is_online", "role", "key_hash", "key_used", "away_until", "pace", "stalls_until",
)  # fmt: skip
# What never changes once a member is there need not be written again.
_MEMBERS = Table(
    User, "id", "is_host", "is_online", "role", "key_hash", "key_used", "away_until", "pace",
    "stalls_until",
)  # fmt: skip
_SESSIONS = Table(
    RoomSession, "id", "room_id", "user_id", "channel_name", "connected_at", "last_activity",
    "lease_until", "precise", "state", "round_trip",
)  # fmt: skip
_TOLD = Table(RoomSession, "id", "state", "round_trip")
_CLOSED = Table(RoomSession, "id")
_THEIR_SESSIONS = Table(RoomSession, "user_id")
_GONE = Table(User, "id")


def changes(changes: Changes) -> list[Write]:
    """What differs between each room before and after."""
    changed = [change for change in changes if change[0] is None or _differs(change[0], change[1])]
    if not changed:
        return []
    return [
        *_removed(changed),
        # hosts last: whoever was one has then ceased to be, and a room never has two
        *_members(changed, hosts=False),
        *_members(changed, hosts=True),
        *_sessions(changed),
    ]


def _differs(before: Room, after: Room) -> bool:
    return before.members is not after.members or before.host_id != after.host_id


def _removed(changed: Changes) -> list[Write]:
    gone = [
        (adapted(id),)
        for before, after in changed
        if before
        for id in sorted(before.members.keys() - after.members)
    ]
    return [*_THEIR_SESSIONS.delete(gone), *_GONE.delete(gone)]


def _members(changed: Changes, *, hosts: bool) -> list[Write]:
    new: list[Row] = []
    known: list[tuple[UUID, Row]] = []
    for before, after in changed:
        for was, member in _changed_members(before, after):
            if after.is_host(member) is not hosts:
                continue
            if was is None:
                new.append((*_lasting(after, member), *_changing(after, member)))
            else:
                known.append((member.id, (adapted(member.id), *_changing(after, member))))
    return [*_MEMBERS.update([row for _, row in sorted(known)]), *_NEWCOMERS.insert(new)]


def _changed_members(before: Room | None, after: Room) -> Iterator[tuple[Member | None, Member]]:
    """Each with what it was before; None: it was not there."""
    were = before.members if before else {}
    host_ids = set() if before and before.host_id == after.host_id else {after.host_id}
    host_ids |= {before.host_id} if before and host_ids else set()
    for id, member in after.members.items():
        was = were.get(id)
        if was is not member or id in host_ids:
            yield was, member


def _lasting(room: Room, member: Member) -> Row:
    return (
        adapted(member.id),
        adapted(room.id),
        member.name,
        instant(member.joined_at),
        name_key(member.name),
        member.address,
        instant(room.active_at),
    )


def _changing(room: Room, member: Member) -> Row:
    return (
        room.is_host(member),
        member.is_online,
        member.role.value,
        binary(member.key_hash),
        member.key_used,
        member.away_until,
        member.pace.value,
        member.stalls_until,
    )


def _sessions(changed: Changes) -> list[Write]:
    closed: set[UUID] = set()
    opened: list[Row] = []
    told: list[tuple[UUID, Row]] = []
    for before, after in changed:
        for was, member in _changed_members(before, after):
            had = _by_id(was.connections if was else ())
            has = _by_id(member.connections)
            closed |= had.keys() - has.keys()
            opened += [_session(after, member, has[id]) for id in has.keys() - had.keys()]
            told += [
                (id, (adapted(id), has[id].state.value, has[id].round_trip))
                for id in has.keys() & had.keys()
                if has[id] is not had[id]
            ]
    return [
        *_CLOSED.delete([(adapted(id),) for id in sorted(closed)]),
        *_SESSIONS.insert(opened),
        *_TOLD.update([row for _, row in sorted(told)]),
    ]


def _by_id(connections: Iterable[Connection]) -> dict[UUID, Connection]:
    return {connection.id: connection for connection in connections}


def _session(room: Room, member: Member, connection: Connection) -> Row:
    opened_at = instant(connection.opened_at)
    return (
        adapted(connection.id),
        adapted(room.id),
        adapted(member.id),
        connection.channel,
        opened_at,
        opened_at,
        connection.lease_until,
        connection.precise,
        connection.state.value,
        connection.round_trip,
    )
