"""Every write of the road: rooms locked, rooms and people saved as they are after a batch.

Locks are taken in one order everywhere: rooms, then members, then sessions, each by id.
"""

from collections.abc import Iterable
from random import getrandbits
from uuid import UUID, uuid4

import msgspec
from django.db import connection

from syncplay_backend.domain import log
from syncplay_backend.domain.log import Entry
from syncplay_backend.domain.state import Room as RoomState
from syncplay_backend.rooms import people
from syncplay_backend.rooms.bulk import Row, Table, adapted, instant, is_postgresql, placeholders
from syncplay_backend.rooms.models import Message, Receipt, Room
from syncplay_backend.rooms.people import Changes

_ROOMS = Table(
    Room, "id", "name", "created_at", "visibility", "password_hash", "epoch", "first_seq",
    "host_id", "current_video_url", "current_video_title", "settings", "waiting", "wait_until",
    "closed_at", "current_position", "is_playing", "anchored_at", "playback_rate", "seq",
    "control_seq", "active_at", "stamp",
)  # fmt: skip
_SETTLED = Table(
    Room, "id", "host_id", "current_video_url", "current_video_title", "settings", "waiting",
    "wait_until", "closed_at",
)  # fmt: skip
_MOVING = Table(
    Room, "id", "current_position", "is_playing", "anchored_at", "playback_rate", "seq",
    "control_seq", "active_at", "stamp",
)  # fmt: skip
_MESSAGES = Table(
    Message, "id", "room_id", "seq", "user_id", "message_type", "data", "timestamp", "origin",
    "command_id", "digest",
)  # fmt: skip
_RECEIPTS = Table(Receipt, "id", "room_id", "user_id", "command_id", "digest", "seq", "at")
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
    _RECEIPTS.insert(
        [
            (
                *(adapted(uuid4()), adapted(receipt.room_id), adapted(receipt.member_id)),
                *(receipt.ref, receipt.digest, receipt.seq, receipt.at),
            )
            for receipt in receipts
        ]
    )


def save(changes: Changes, entries: Iterable[Entry], stamp: int) -> None:
    """Write what differs between each room before and after, under that stamp."""
    changed = sorted((c for c in changes if c[0] is not c[1]), key=lambda c: c[1].id)
    _save_rooms(changed, stamp)
    people.save(changed)
    _MESSAGES.insert([_message(entry) for entry in entries])


def _save_rooms(changed: Changes, stamp: int) -> None:
    known = [(before, after) for before, after in changed if before is not None]
    _ROOMS.insert([_room(after, stamp) for before, after in changed if before is None])
    _MOVING.update([(adapted(after.id), *_moving(after, stamp)) for _, after in known])
    unsettled = [after for before, after in known if _is_unsettled(before, after)]
    _SETTLED.update([(adapted(after.id), *_settled(after)) for after in unsettled])


def _room(room: RoomState, stamp: int) -> Row:
    return (
        adapted(room.id),
        room.name,
        instant(room.created_at),
        room.visibility.value,
        room.password_hash,
        adapted(room.epoch),
        1,
        *_settled(room),
        *_moving(room, stamp),
    )


def _moving(room: RoomState, stamp: int) -> Row:
    line = room.timeline
    return (
        *(line.position, line.playing, line.at, line.rate),
        *(room.seq, room.control_seq, room.active_at, stamp),
    )


def _is_unsettled(before: RoomState, after: RoomState) -> bool:
    return (
        before.host_id != after.host_id
        or before.video is not after.video
        or before.settings is not after.settings
        or before.wait is not after.wait
        or before.closed_at != after.closed_at
    )


def _settled(room: RoomState) -> Row:
    return (
        adapted(room.host_id) if room.host_id else None,
        room.video.url,
        room.video.title,
        _to_json.encode(room.settings).decode(),
        None if room.wait is None else _to_json.encode(room.wait).decode(),
        min(room.wait.members.values()) if room.wait else None,
        room.closed_at,
    )


def _next_to_the_last(at: int) -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7): ids that are made together lie together, so that the
    index of a long table grows at its end and is not written all over."""
    return UUID(int=at << 80 | 7 << 76 | getrandbits(12) << 64 | 2 << 62 | getrandbits(62))


def _message(entry: Entry) -> Row:
    return (
        adapted(_next_to_the_last(entry.at)),
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
