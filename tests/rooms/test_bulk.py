"""Rows written by hand: read back by Django, they are what was written."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from syncplay_backend.rooms.bulk import Table, adapted, instant
from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.models import Message, Room
from tests.services.stage import open_room

MESSAGES = Table(
    Message, "id", "room_id", "seq", "message_type", "data", "timestamp", "command_id", "digest"
)
NAMES = Table(Room, "id", "name", "host_id", "is_playing", "current_position")
AT = 1_700_000_000_123
HOSTILE = "'; DROP TABLE rooms_room; -- %s {} \\ \U0001f3ac"


def test_what_is_inserted_is_read_back() -> None:
    room = open_room()
    ids = [uuid4() for _ in range(3)]
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        MESSAGES.insert(
            [
                (
                    *(adapted(id), adapted(room.room_id), 100 + number, "chat"),
                    *(f'{{"text":"{number}"}}', instant(AT), None, HOSTILE[:32]),
                )
                for number, id in enumerate(ids)
            ]
        )
    rows = [Message.objects.get(id=id) for id in ids]
    assert [(row.seq, row.data, row.command_id) for row in rows] == [
        (100 + number, {"text": str(number)}, None) for number in range(3)
    ]
    assert {row.timestamp for row in rows} == {to_datetime(AT)}
    assert {row.digest for row in rows} == {HOSTILE[:32]}
    assert len(captured) == 1


def test_what_is_updated_is_read_back_and_nothing_else_is_touched() -> None:
    one, other, untouched = (open_room() for _ in range(3))
    host = uuid4()
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        NAMES.update(
            [
                (adapted(one.room_id), HOSTILE, adapted(host), True, 1.25),
                (adapted(other.room_id), "Other", None, False, 0.0),
            ]
        )
    assert (one.row.name, one.row.host_id, one.row.is_playing) == (HOSTILE, host, True)
    assert (other.row.name, other.row.host_id, other.row.current_position) == ("Other", None, 0)
    assert untouched.row.name == "Movie Night"
    assert len(captured) == 1


def test_no_rows_are_no_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        NAMES.update([])
        MESSAGES.insert([])
    assert len(captured) == 0


def test_what_does_not_fit_is_never_cut() -> None:
    """PostgreSQL refuses it; SQLite has no lengths, and keeps it whole."""
    room, name = open_room(), "N" * 81
    with suppress(DataError), transaction.atomic():
        NAMES.update([(adapted(room.room_id), name, None, False, 0.0)])
    assert room.row.name in {name, "Movie Night"}
    assert (room.row.name == name) is (connection.vendor == "sqlite")
