"""Whether the database and the channel layer answer: both are really asked, with a time limit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

from django.db import connection

from syncplay_backend.rooms import queries
from syncplay_backend.services.upkeep import current

logger = logging.getLogger(__name__)

LIMIT = 2.0  # seconds

_NO_ROOM = UUID(int=0)
_asker = ThreadPoolExecutor(1, "health")
_open_question: "Future[None] | None" = None


async def check() -> dict[str, bool]:
    """What was asked, and whether it answered."""
    database, channel_layer = await asyncio.gather(
        _answers("the database", _ask_database), _answers("the channel layer", _ask_channel_layer)
    )
    return {"database": database, "channel_layer": channel_layer}


async def _answers(what: str, ask: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(LIMIT):
            await ask()
    except Exception as error:
        logger.warning("%s does not answer: %r", what, error)
        return False
    return True


async def _ask_channel_layer() -> None:
    await current().post.echo()


async def _ask_database() -> None:
    """A thread cannot be called back: while one hangs, whoever asks waits for the same answer."""
    global _open_question
    if _open_question is None or _open_question.done():
        _open_question = _asker.submit(_select)
    await asyncio.shield(asyncio.wrap_future(_open_question))


def _select() -> None:
    # Of a table, not of nothing: SQLite would answer for a file that has just been lost.
    try:
        queries.exists(_NO_ROOM)
    finally:
        connection.close()
