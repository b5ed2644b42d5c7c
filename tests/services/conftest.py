"""A process's live part, without a server around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from django.db import connections

from syncplay_backend.services import execute, upkeep
from syncplay_backend.services.mending import Mender
from syncplay_backend.services.process import Process


@pytest.fixture
async def process(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Process]:
    """It hears of every commit, here and elsewhere; of its loops none runs but the post's."""
    # A test may look into the database in between: nobody else's frames wait for it here.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    looking = connections["default"]  # each event loop has a connection of its own
    process = Process()
    monkeypatch.setattr(upkeep, "_current", process)
    process.run(process.post.receive())
    process.run(process.post.send())
    async with asyncio.timeout(5):
        await process.post.echo()
    yield process
    if process._commit_happened in execute._listeners:  # a test may have stopped it itself
        await process.stop()
    looking.close()


@pytest.fixture
def deaf(process: Process) -> Iterator[Process]:
    """It is told of no commit: every publication is lost, but those that a test hands on."""
    execute.off_commit(process._commit_happened)
    yield process
    execute.on_commit(process._commit_happened)


@pytest.fixture
def mender(deaf: Process) -> Mender:
    return Mender(deaf)
