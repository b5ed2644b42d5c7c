"""Every write of the road: rooms locked, rooms and people written as they are after a batch.

Locks are taken in one order everywhere: rooms, then members, then sessions, each by id.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from syncplay_backend.domain import log
from syncplay_backend.domain.log import Entry
from syncplay_backend.domain.state import Room as RoomState
from syncplay_backend.rooms import log as history
from syncplay_backend.rooms import people
from syncplay_backend.rooms.bulk import (
    Question,
    Row,
    Table,
    Write,
    adapted,
    among,
    document,
    instant,
    is_postgresql,
)
from syncplay_backend.rooms.ids import public_id
from syncplay_backend.rooms.log import CommandId, Done
from syncplay_backend.rooms.models import Message, Receipt, Room
from syncplay_backend.rooms.people import Changes
from syncplay_backend.rooms.transaction import Transaction

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


class Locked(NamedTuple):
    stamps: dict[UUID, int]  # of the rooms, which are locked until the transaction ends
    busy: set[UUID]  # the rooms that somebody else has
    done: dict[CommandId, Done]


def lock(
    transaction: Transaction,
    room_ids: Iterable[UUID],
    commands: Collection[tuple[UUID, str]] = (),
) -> Locked:
    """Lock the rooms; and find out what has been done in them of the commands with these ids.

    In a statement of its own, without a join: PostgreSQL reads a locked row anew, but a joined
    one as it was when the statement began.
    """
    asked = {adapted(id): id for id in room_ids}
    if not asked:
        return Locked({}, set(), {})
    heads, *done = transaction.ask(_heads(list(asked), lock=True), *history.whether_done(commands))
    stamps = {asked[id]: stamp for id, stamp in heads}
    missing = [id for id, room_id in asked.items() if room_id not in stamps]
    busy = {asked[id] for id, _ in transaction.ask(_heads(missing))[0]} if missing else set()
    return Locked(stamps, busy, history.done(done))


def _heads(ids: list[UUID | str], *, lock: bool = False) -> Question:
    # who writes to SQLite has the whole database
    locking = "ORDER BY id FOR UPDATE SKIP LOCKED" if lock and is_postgresql() else ""
    return Question(f"SELECT id, stamp FROM {_ROOMS.name} WHERE id {among(ids)} {locking}", ids)


def receipts(receipts: Iterable[log.Receipt]) -> list[Write]:
    return _RECEIPTS.insert(
        [
            (
                *(
                    adapted(public_id(receipt.at)),
                    adapted(receipt.room_id),
                    adapted(receipt.member_id),
                ),
                *(receipt.ref, receipt.digest, receipt.seq, receipt.at),
            )
            for receipt in receipts
        ]
    )


def changes(changes: Changes, entries: Iterable[Entry], stamp: int) -> list[Write]:
    """What differs between each room before and after, under that stamp; and what happened."""
    changed = sorted((c for c in changes if c[0] is not c[1]), key=lambda c: c[1].id)
    return [
        *_rooms(changed, stamp),
        *people.changes(changed),
        *_MESSAGES.insert([_message(entry) for entry in entries]),
    ]


def _rooms(changed: Changes, stamp: int) -> list[Write]:
    known = [(before, after) for before, after in changed if before is not None]
    unsettled = [after for before, after in known if _is_unsettled(before, after)]
    return [
        *_ROOMS.insert([_room(after, stamp) for before, after in changed if before is None]),
        *_MOVING.update([(adapted(after.id), *_moving(after, stamp)) for _, after in known]),
        *_SETTLED.update([(adapted(after.id), *_settled(after)) for after in unsettled]),
    ]


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
        document(room.settings),
        None if room.wait is None else document(room.wait),
        min(room.wait.members.values()) if room.wait else None,
        room.closed_at,
    )


def _message(entry: Entry) -> Row:
    return (
        adapted(public_id(entry.at)),
        adapted(entry.room_id),
        entry.seq,
        adapted(entry.by) if entry.by else None,
        entry.type,
        document(entry.data),
        instant(entry.at),
        adapted(entry.origin) if entry.origin else None,
        entry.ref,
        entry.digest,
    )
