"""Writing who is in a room: members, and the sockets that they hold."""

from collections.abc import Iterable
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
    changed = [_Change(before, after) for before, after in changes if _differs(before, after)]
    if not changed:
        return []
    return [
        *_removed(changed),
        # hosts last: whoever was one has then ceased to be, and a room never has two
        *_members(changed, hosts=False),
        *_members(changed, hosts=True),
        *_sessions(changed),
    ]


def _differs(before: Room | None, after: Room) -> bool:
    if before is None:
        return True
    return before.members is not after.members or before.host_id != after.host_id


class _Change:
    """Who of a room is to be written. Who has not changed is the very same object, and that is seen
    without looking at it: of a big room nearly all are."""

    def __init__(self, before: Room | None, after: Room) -> None:
        were, are = before.members if before else {}, after.members
        unchanged = set(map(id, were.values())).intersection(map(id, are.values()))
        hosts = _hosts(before, after)
        self.room = after
        self.gone = [m.id for m in were.values() if id(m) not in unchanged and m.id not in are]
        self.members = [
            (were.get(member.id), member)  # None: it was not there
            for member in are.values()
            if id(member) not in unchanged or (hosts and member.id in hosts)
        ]


def _hosts(before: Room | None, after: Room) -> set[UUID | None]:
    """Whose host's seat has changed hands."""
    host_id = before.host_id if before else None
    return set() if host_id == after.host_id else {host_id, after.host_id}


def _removed(changed: list[_Change]) -> list[Write]:
    gone = [(adapted(id),) for change in changed for id in sorted(change.gone)]
    return [*_THEIR_SESSIONS.delete(gone), *_GONE.delete(gone)]


def _members(changed: list[_Change], *, hosts: bool) -> list[Write]:
    new: list[Row] = []
    known: list[tuple[UUID, Row]] = []
    for change in changed:
        room = change.room
        for was, member in change.members:
            if room.is_host(member) is not hosts:
                continue
            if was is None:
                new.append((*_lasting(room, member), *_changing(room, member)))
            else:
                known.append((member.id, (adapted(member.id), *_changing(room, member))))
    return [*_MEMBERS.update([row for _, row in sorted(known)]), *_NEWCOMERS.insert(new)]


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


def _sessions(changed: list[_Change]) -> list[Write]:
    closed: set[UUID] = set()
    opened: list[Row] = []
    told: list[tuple[UUID, Row]] = []
    for change in changed:
        for was, member in change.members:
            had = _by_id(was.connections if was else ())
            has = _by_id(member.connections)
            closed |= had.keys() - has.keys()
            opened += [_session(change.room, member, has[id]) for id in has.keys() - had.keys()]
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
