"""A long evening of coming and going: at its end nothing is left over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

import pytest
from django.db import connection

from syncplay_backend.rooms.models import RoomSession
from tests.faults.audit import audit
from tests.faults.crowd import Crowd
from tests.faults.member import Member
from tests.faults.signs import nothing_unhandled, resident
from tests.faults.watched import Census, WatchedServer
from tests.peer import join_room
from tests.servers import Leg

LONG, SHORT = 600.0, 15.0  # seconds
WARM_UP = 0.4  # of the whole
GROWTH, GROWTH_WHILE_WARMING = 1.05, 1.2
GUESTS = 6  # at a time
LINES = 5
PATIENCE = 10.0


@pytest.fixture
def server(django_db_setup: None) -> Iterator[WatchedServer]:
    with WatchedServer() as process:
        yield process


@pytest.mark.timeout(LONG + 120)
async def test_nothing_is_left_of_an_evening(
    server: WatchedServer, leg: Leg, is_long: bool
) -> None:
    evening = LONG if is_long else SHORT
    empty = await after_a_first_visit(server)
    async with Crowd.gather([server], rooms=5) as crowd:
        crowd.be_busy()
        names = (f"Guest {number}" for number in count())
        churn = [asyncio.create_task(come_and_go(crowd, names)) for _ in range(GUESTS)]
        await asyncio.sleep(evening * WARM_UP)
        warm = resident(server)
        await asyncio.sleep(evening * (1 - WARM_UP))
        end = resident(server)
        for guest in churn:
            guest.cancel()
        await asyncio.gather(*churn, return_exceptions=True)
        await audit(crowd)
        await asyncio.gather(*(member.leave() for member in crowd.members))
        assert end <= warm * (GROWTH if is_long else GROWTH_WHILE_WARMING), (warm, end)
        assert await when(server, lambda held: held == empty) == empty
        await asyncio.to_thread(no_row_is_left, crowd)
        no_key_is_left(leg, crowd)
    nothing_unhandled(server)


async def after_a_first_visit(server: WatchedServer) -> Census:
    """What it holds when nobody is there: some of it is made when it is first wanted."""
    async with Crowd.gather([server], rooms=1) as crowd:
        await asyncio.gather(*(member.leave() for member in crowd.members))
    return await when(server, lambda held: not held["objects"])


async def when(server: WatchedServer, is_calm: Callable[[Census], bool]) -> Census:
    """What it holds when it has had the time to let go."""
    deadline = time.monotonic() + PATIENCE
    while not is_calm(held := await asyncio.to_thread(server.census)):
        if time.monotonic() > deadline:
            break
    return held


async def come_and_go(crowd: Crowd, names: Iterator[str]) -> None:
    """Guests of all rooms: some say goodbye, some are just gone."""
    server = crowd.servers[0]
    for number in count():
        room_id = crowd.room_ids[number % len(crowd.room_ids)]
        seat = await asyncio.to_thread(join_room, server, room_id, next(names))
        guest = Member(seat, [server])
        guest.start()
        try:
            for line in range(LINES):
                guest.say("chat", text=f"Line {line}")
            await crowd.until(lambda guest=guest: not guest.unanswered)
        finally:
            await (guest.leave() if number % 2 else guest.stop())


def no_row_is_left(crowd: Crowd) -> None:
    rooms = [UUID(room_id) for room_id in crowd.room_ids]
    try:
        assert not RoomSession.objects.filter(room_id__in=rooms).exists()
    finally:
        connection.close()


def no_key_is_left(leg: Leg, crowd: Crowd) -> None:
    if leg.valkey is None:
        return
    assert leg.valkey.ask("DBSIZE") == ":0"
    for room_id in crowd.room_ids:
        assert leg.valkey.ask(f"PUBSUB CHANNELS *{UUID(room_id).hex}*") == "*0"
