"""A process's live part, without a server around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from syncplay_backend.services import upkeep
from syncplay_backend.services.process import Process


@pytest.fixture
async def process(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Process]:
    """It hears of every commit, here and elsewhere; of its loops none runs but the post's."""
    # A test may look into the database in between: nobody else's frames wait for it here.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    process = Process()
    monkeypatch.setattr(upkeep, "_current", process)
    process.run(process.post.receive())
    process.run(process.post.send())
    async with asyncio.timeout(5):
        await process.post.echo()
    yield process
    await process.stop()
