"""Rows written by hand: read back by Django, they are what was written."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from django.db import DataError, connection

from syncplay_backend.rooms.bulk import Table, Write, adapted, binary, document, instant
from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.models import Message, Room, User
from syncplay_backend.rooms.transaction import transaction
from tests.services.stage import open_room

MESSAGES = Table(
    Message, "id", "room_id", "seq", "message_type", "data", "timestamp", "command_id", "digest"
)
NAMES = Table(Room, "id", "name", "host_id", "is_playing", "current_position")
KEYS = Table(User, "id", "key_hash")
GONE = Table(User, "id")
AT = 1_700_000_000_123
HOSTILE = "'; DROP TABLE rooms_room; -- %s {} \\ \U0001f3ac"


def write(writes: list[Write]) -> int:
    """How many statements it took."""
    with transaction() as begun:
        begun.write(writes)
    return len(writes)


def test_what_is_inserted_is_read_back() -> None:
    room = open_room()
    ids = [uuid4() for _ in range(3)]
    statements = write(
        MESSAGES.insert(
            [
                (
                    *(adapted(id), adapted(room.room_id), 100 + number, "chat"),
                    *(document({"text": str(number)}), instant(AT), None, HOSTILE[:32]),
                )
                for number, id in enumerate(ids)
            ]
        )
    )
    rows = [Message.objects.get(id=id) for id in ids]
    assert [(row.seq, row.data, row.command_id) for row in rows] == [
        (100 + number, {"text": str(number)}, None) for number in range(3)
    ]
    assert {row.timestamp for row in rows} == {to_datetime(AT)}
    assert {row.digest for row in rows} == {HOSTILE[:32]}
    assert statements == 1


def test_what_is_updated_is_read_back_and_nothing_else_is_touched() -> None:
    one, other, untouched = (open_room() for _ in range(3))
    host = uuid4()
    statements = write(
        NAMES.update(
            [
                (adapted(one.room_id), HOSTILE, adapted(host), True, 1.25),
                (adapted(other.room_id), "Other", None, False, 0.0),
            ]
        )
    )
    assert (one.row.name, one.row.host_id, one.row.is_playing) == (HOSTILE, host, True)
    assert (other.row.name, other.row.host_id, other.row.current_position) == ("Other", None, 0)
    assert untouched.row.name == "Movie Night"
    assert statements == 1


def test_no_rows_are_no_statement() -> None:
    assert NAMES.update([]) == MESSAGES.insert([]) == GONE.delete([]) == []


def test_what_is_deleted_is_gone_and_nothing_else() -> None:
    one, other, kept = (open_room() for _ in range(3))
    assert write(GONE.delete([(adapted(one.alice.id),), (adapted(other.alice.id),)])) == 1
    left = User.objects.filter(id__in=[stage.alice.id for stage in (one, other, kept)])
    assert [user.id for user in left] == [kept.alice.id]


def test_bytes_are_read_back() -> None:
    stage, hostile = open_room(), bytes(range(32))
    write(KEYS.update([(adapted(stage.alice.id), binary(hostile))]))
    assert bytes(stage.user(stage.alice).key_hash) == hostile


def test_what_does_not_fit_is_never_cut() -> None:
    """PostgreSQL refuses it; SQLite has no lengths, and keeps it whole."""
    room, name = open_room(), "N" * 81
    with suppress(DataError):
        write(NAMES.update([(adapted(room.room_id), name, None, False, 0.0)]))
    assert room.row.name in {name, "Movie Night"}
    assert (room.row.name == name) is (connection.vendor == "sqlite")
