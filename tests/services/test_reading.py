"""Reading for the event loop: beside it, and several at once."""

import asyncio
import threading

import pytest
from django.db import connection

from syncplay_backend.rooms import queries
from syncplay_backend.services.reading import read
from tests.services.stage import open_room


async def test_a_query_runs_in_a_thread_and_answers() -> None:
    stage = await asyncio.to_thread(open_room)
    found = await read(queries.room, stage.room_id)
    assert found is not None
    assert found.id == stage.room_id
    assert (await read(threading.current_thread)).name.startswith("reader")


async def test_a_slow_query_delays_no_other() -> None:
    waiting = threading.Event()
    slow = asyncio.create_task(read(waiting.wait, 10))
    assert await asyncio.wait_for(read(lambda: "quick"), 5) == "quick"
    assert not slow.done()
    waiting.set()
    assert await slow


async def test_a_connection_of_the_pool_is_given_back_after_each_query() -> None:
    """SQLite has no pool: there each reader keeps its own."""

    def ask() -> int:
        connection.ensure_connection()
        return threading.get_ident()

    def look() -> tuple[int, bool]:
        return threading.get_ident(), connection.connection is not None

    asked_by = await read(ask)
    while (seen := await read(look))[0] != asked_by:
        pass
    assert seen == (asked_by, connection.vendor == "sqlite")


async def test_a_failed_query_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        await read(lambda: 1 / 0)
