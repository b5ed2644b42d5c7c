"""One clock for all processes: the database server's, which they all can ask."""

import asyncio
import logging
from uuid import UUID

from django.db import connection

from syncplay_backend.domain import commands as c
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms import log, queries
from syncplay_backend.services.execute import submit
from syncplay_backend.services.process import Process
from syncplay_backend.services.reading import read

logger = logging.getLogger(__name__)

SAMPLES = 8
EVERY = 60  # seconds


def precise() -> float:
    """The server's clock, in milliseconds."""
    return clock.precise()


async def keep_time_for_ever(process: Process) -> None:
    """Go by the database server's clock: asked at once, and then every minute."""
    asked_before = False
    while True:
        try:
            await _keep_time(process, asked_before=asked_before)
            asked_before = True
        except Exception as failure:  # without the database the clock runs on
            logger.warning("could not ask the database server for the time: %r", failure)
        await asyncio.sleep(EVERY)


async def _keep_time(process: Process, *, asked_before: bool) -> None:
    error = await read(_measure)
    if error is None or not clock.correct(error):
        return
    logger.warning("the clock was %.0f ms off the database server's, and has been set", error)
    if asked_before:  # else it was our own that was wrong, and the rooms went by the right one
        await _reanchor(list(process.hub.rooms), round(error))


async def _reanchor(room_ids: list[UUID], by: int) -> None:
    """Have the videos go on from where they are, unless another process has seen to it: all find
    out within the same minute."""
    seen_to = await read(log.moved_by_server, room_ids, clock.now() - 2 * EVERY * 1000)
    for room in await read(queries.rooms, room_ids):
        if room.timeline.playing and room.id not in seen_to:
            submit(room.id, c.Reanchor(anchored_at=room.timeline.at, by=by))


def _measure() -> float | None:
    """How much later (ms) it is there than here, by the sample with the least round trip.

    SQLite has no clock but ours.
    """
    if connection.vendor != "postgresql":
        return None
    _, error = min(_sample() for _ in range(SAMPLES))
    return error


def _sample() -> tuple[float, float]:
    """The round trip, and how much later it is there (ms)."""
    with connection.cursor() as cursor:
        asked = clock.precise()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp()) * 1000")
        there = float(cursor.fetchone()[0])
        answered = clock.precise()
    return answered - asked, there - (asked + answered) / 2
