"""Every write of the road: rooms locked, rooms and people saved as they are after a batch.

Locks are taken in one order everywhere: rooms, then members, then sessions, each by id.
"""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
from django.db import connection, models
from msgspec import to_builtins

from syncplay_backend.domain import log
from syncplay_backend.domain.deciding_people import name_key
from syncplay_backend.domain.log import Entry
from syncplay_backend.domain.people import Connection, Member
from syncplay_backend.domain.state import Room as RoomState
from syncplay_backend.rooms.bulk import Table, adapted, instant, is_postgresql, placeholders
from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.models import Message, Receipt, Room, RoomSession, User

# Of each room before and after; None: it is new.
Changes = list[tuple[RoomState | None, RoomState]]
Row = TypeVar("Row", bound=models.Model)

_MOVING = Table(
    Room, "id", "current_position", "is_playing", "anchored_at", "playback_rate", "seq",
    "control_seq", "active_at", "stamp",
)  # fmt: skip
_SETTLED = Table(
    Room, "id", "host_id", "current_video_url", "current_video_title", "settings", "waiting",
    "wait_until", "closed_at",
)  # fmt: skip
_MESSAGES = Table(
    Message, "id", "room_id", "seq", "user_id", "message_type", "data", "timestamp", "origin",
    "command_id", "digest",
)  # fmt: skip
_USER_FIELDS = [
    "is_host", "is_online", "role", "key_hash", "key_used", "away_until", "pace",
]  # fmt: skip
_to_json = msgspec.json.Encoder()


def lock(room_ids: Iterable[UUID]) -> tuple[dict[UUID, int], set[UUID]]:
    """The rooms' stamps, the rooms being locked until the transaction ends; and the ids of those
    that somebody else has.

    In a statement of its own, without a join: PostgreSQL reads a locked row anew, but a joined
    one as it was when the statement began.
    """
    asked = {adapted(id): id for id in room_ids}
    if not asked:
        return {}, set()
    locked = {asked[id]: stamp for id, stamp in _heads(list(asked), "FOR UPDATE SKIP LOCKED")}
    if len(locked) == len(asked):
        return locked, set()
    missing = [id for id, room_id in asked.items() if room_id not in locked]
    return locked, {asked[id] for id, _ in _heads(missing, "")}


def _heads(ids: list[UUID | str], locking: str) -> list[tuple[UUID | str, int]]:
    select = f'SELECT id, stamp FROM "{Room._meta.db_table}"'
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(f"{select} WHERE id = ANY(%s) ORDER BY id {locking}", [ids])
        else:  # who writes there has the whole database
            cursor.execute(f"{select} WHERE id IN ({placeholders(ids)})", ids)
        return list(cursor.fetchall())


def keep_receipts(receipts: Iterable[log.Receipt]) -> None:
    Receipt.objects.bulk_create(
        Receipt(
            room_id=receipt.room_id,
            user_id=receipt.member_id,
            command_id=receipt.ref,
            digest=receipt.digest,
            seq=receipt.seq,
            at=receipt.at,
        )
        for receipt in receipts
    )


def save(changes: Changes, entries: Iterable[Entry], stamp: int) -> None:
    """Write what differs between each room before and after, under that stamp."""
    changed = sorted((c for c in changes if c[0] is not c[1]), key=lambda c: c[1].id)
    _save_rooms(changed, stamp)
    _save_people([c for c in changed if c[0] is None or _has_other_people(c[0], c[1])])
    _MESSAGES.insert([_message(entry) for entry in entries])


def _save_rooms(changed: Changes, stamp: int) -> None:
    known = [(before, after) for before, after in changed if before is not None]
    Room.objects.bulk_create([_room_row(after, stamp) for before, after in changed if not before])
    _MOVING.update([_moving(after, stamp) for _, after in known])
    _SETTLED.update([_settled(after) for before, after in known if _is_unsettled(before, after)])


def _moving(room: RoomState, stamp: int) -> tuple[object, ...]:
    line = room.timeline
    return (
        adapted(room.id), line.position, line.playing, line.at, line.rate, room.seq,
        room.control_seq, room.active_at, stamp,
    )  # fmt: skip


def _is_unsettled(before: RoomState, after: RoomState) -> bool:
    return (
        before.host_id != after.host_id
        or before.video is not after.video
        or before.settings is not after.settings
        or before.wait is not after.wait
        or before.closed_at != after.closed_at
    )


def _settled(room: RoomState) -> tuple[object, ...]:
    return (
        adapted(room.id),
        adapted(room.host_id) if room.host_id else None,
        room.video.url,
        room.video.title,
        _to_json.encode(room.settings).decode(),
        None if room.wait is None else _to_json.encode(room.wait).decode(),
        min(room.wait.members.values()) if room.wait else None,
        room.closed_at,
    )


def _room_row(room: RoomState, stamp: int) -> Room:
    return Room(
        id=room.id,
        name=room.name,
        host_id=room.host_id,
        current_video_url=room.video.url,
        current_video_title=room.video.title,
        current_position=room.timeline.position,
        is_playing=room.timeline.playing,
        created_at=to_datetime(room.created_at),
        anchored_at=room.timeline.at,
        playback_rate=room.timeline.rate,
        visibility=room.visibility.value,
        password_hash=room.password_hash,
        settings=to_builtins(room.settings),
        waiting=None if room.wait is None else to_builtins(room.wait, str_keys=True),
        wait_until=min(room.wait.members.values()) if room.wait else None,
        seq=room.seq,
        control_seq=room.control_seq,
        epoch=room.epoch,
        stamp=stamp,
        active_at=room.active_at,
        closed_at=room.closed_at,
    )


def _has_other_people(before: RoomState, after: RoomState) -> bool:
    return before.members is not after.members or before.host_id != after.host_id


def _save_people(changed: Changes) -> None:
    _remove_people(changed)
    people = [row for before, after in changed for row in _member_rows(before, after)]
    # hosts last: whoever was one has then ceased to be, and a room never has two
    _upsert(User, sorted(people, key=lambda row: (row.is_host, row.id)), _USER_FIELDS)
    _save_sessions(changed)


def _upsert(kind: type[Row], rows: list[Row], update_fields: list[str]) -> None:
    if rows:
        kind._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=update_fields
        )


def _member_rows(before: RoomState | None, after: RoomState) -> list[User]:
    return [
        _user_row(after, member)
        for member in after.members.values()
        if before is None or _differs(before, after, member)
    ]


def _differs(before: RoomState, after: RoomState, member: Member) -> bool:
    was_host = before.host_id == member.id
    return before.members.get(member.id) is not member or was_host != after.is_host(member)


def _user_row(room: RoomState, member: Member) -> User:
    return User(
        id=member.id,
        room_id=room.id,
        name=member.name,
        is_host=room.is_host(member),
        is_online=member.is_online,
        joined_at=to_datetime(member.joined_at),
        name_key=name_key(member.name),
        role=member.role.value,
        key_hash=member.key_hash,
        key_used=member.key_used,
        address=member.address,
        away_until=member.away_until,
        pace=member.pace.value,
        last_seen=to_datetime(room.active_at),
    )


def _remove_people(changed: Changes) -> None:
    gone = [
        id for before, after in changed if before for id in before.members.keys() - after.members
    ]
    if gone:
        RoomSession.objects.filter(user_id__in=gone).delete()
        User.objects.filter(id__in=gone).delete()


def _save_sessions(changed: Changes) -> None:
    closed: list[UUID] = []
    opened: list[RoomSession] = []
    reported: list[RoomSession] = []
    for before, after in changed:
        had = _connections(before)
        has = _connections(after)
        closed += had.keys() - has.keys()
        opened += [_session(after, *has[id]) for id in has.keys() - had.keys()]
        reported += [
            _session(after, *has[id]) for id in has.keys() & had.keys() if has[id][1] != had[id][1]
        ]
    if closed:
        RoomSession.objects.filter(id__in=closed).delete()
    RoomSession.objects.bulk_create(opened)
    fields = ["state", "round_trip"]
    _upsert(RoomSession, sorted(reported, key=lambda row: row.id), fields)


def _connections(room: RoomState | None) -> dict[UUID, tuple[Member, Connection]]:
    members = room.members.values() if room else ()
    return {held.id: (member, held) for member in members for held in member.connections}


def _session(room: RoomState, member: Member, connection: Connection) -> RoomSession:
    opened_at = to_datetime(connection.opened_at)
    return RoomSession(
        id=connection.id,
        room_id=room.id,
        user_id=member.id,
        channel_name=connection.channel,
        connected_at=opened_at,
        last_activity=opened_at,
        lease_until=connection.lease_until,
        precise=connection.precise,
        state=connection.state.value,
        round_trip=connection.round_trip,
    )


def _message(entry: Entry) -> tuple[object, ...]:
    return (
        adapted(uuid4()),
        adapted(entry.room_id),
        entry.seq,
        adapted(entry.by) if entry.by else None,
        entry.type,
        _to_json.encode(entry.data).decode(),
        instant(entry.at),
        adapted(entry.origin) if entry.origin else None,
        entry.ref,
        entry.digest,
    )
