"""Every read of rooms and members. Rows come back as the structs of the rules."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from django.db.models import Q

from syncplay_backend.domain.people import Connection, Member, Pace, Role, State
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.state import Room as RoomState
from syncplay_backend.domain.state import Video, Visibility, Wait
from syncplay_backend.domain.timeline import Timeline
from syncplay_backend.rooms.instants import to_ms
from syncplay_backend.rooms.models import Room, RoomSession, User

Members = dict[UUID, Member]


def room_state(row: Room, members: Members) -> RoomState:
    return RoomState(
        id=row.id,
        name=row.name,
        created_at=to_ms(row.created_at),
        epoch=row.epoch,
        host_id=row.host_id,
        video=Video(row.current_video_url, row.current_video_title),
        timeline=Timeline(row.current_position, row.anchored_at, row.is_playing, row.playback_rate),
        wait=None if row.waiting is None else msgspec.convert(row.waiting, Wait),
        settings=msgspec.convert(row.settings, Settings),
        visibility=Visibility(row.visibility),
        password_hash=row.password_hash,
        seq=row.seq,
        control_seq=row.control_seq,
        active_at=row.active_at,
        closed_at=row.closed_at,
        members=members,
    )


def _connections(wanted: Q) -> dict[UUID, list[Connection]]:
    held: dict[UUID, list[Connection]] = defaultdict(list)
    for row in RoomSession.objects.filter(wanted).order_by("connected_at", "id"):
        held[row.user_id].append(
            Connection(
                id=row.id,
                channel=row.channel_name,
                opened_at=to_ms(row.connected_at),
                lease_until=row.lease_until,
                precise=row.precise,
                state=State(row.state),
                round_trip=row.round_trip,
            )
        )
    return held


def _members(rows: Iterable[User], held: dict[UUID, list[Connection]]) -> dict[UUID, Members]:
    by_room: dict[UUID, Members] = defaultdict(dict)
    for row in rows:
        by_room[row.room_id][row.id] = Member(
            id=row.id,
            name=row.name,
            key_hash=bytes(row.key_hash),
            joined_at=to_ms(row.joined_at),
            role=Role(row.role),
            key_used=row.key_used,
            address=row.address,
            away_until=row.away_until,
            pace=Pace(row.pace),
            stalls_until=row.stalls_until,
            connections=tuple(held.get(row.id, ())),
        )
    return by_room


def rows(ids: Iterable[UUID]) -> dict[UUID, Room]:
    return Room.objects.in_bulk(list(ids))


def everybody(room_ids: Iterable[UUID]) -> dict[UUID, Members]:
    """All members of the rooms, by room."""
    ids = list(room_ids)
    if not ids:
        return {}
    return _members(User.objects.filter(room_id__in=ids), _connections(Q(room_id__in=ids)))


def some(
    room_ids: Iterable[UUID], member_ids: Sequence[UUID], key_hashes: Sequence[bytes]
) -> dict[UUID, Members]:
    """Of these rooms the members with these ids, or whose keys have these hashes, by room."""
    if not member_ids and not key_hashes:
        return {}
    held = Q(room_id__in=list(room_ids), key_hash__in=key_hashes)  # as the index has it
    rows = list(User.objects.filter(Q(id__in=member_ids) | held))
    return _members(rows, _connections(Q(user_id__in=[row.id for row in rows])))


def room(room_id: UUID) -> RoomState | None:
    """A room with everybody in it, or None."""
    return next(iter(rooms([room_id])), None)


def rooms(room_ids: Sequence[UUID]) -> list[RoomState]:
    """Rooms with everybody in them, in the order asked for; those that are gone are left out.

    The rooms are read before their people. So whoever reads can take the room's seq for what it
    has, and the events beyond it once more: people may be newer than the seq, never older.
    """
    rows = Room.objects.in_bulk(room_ids)
    members = everybody(rows)
    return [room_state(rows[id], members.get(id, {})) for id in room_ids if id in rows]


def exists(room_id: UUID) -> bool:
    return Room.objects.filter(id=room_id).exists()


def holds_place(room_id: UUID, key_hash: bytes) -> bool:
    return User.objects.filter(room_id=room_id, key_hash=key_hash).exists()
