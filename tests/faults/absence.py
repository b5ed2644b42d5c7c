"""Ways in which a server that others stand on is away, and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

from tests.process import Process

Away: TypeAlias = Callable[[Process], AbstractContextManager[None]]


@contextlib.contextmanager
def stopped(server: Process) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextlib.contextmanager
def killed(server: Process) -> Iterator[None]:
    server.kill()
    try:
        yield
    finally:
        server.start()


@contextlib.contextmanager
def frozen(server: Process) -> Iterator[None]:
    """It is there, and says nothing: what it was told it may yet do."""
    everybody = [server.pid, *_children_of(server.pid)]
    for pid in everybody:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in everybody:
            os.kill(pid, signal.SIGCONT)


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextlib.asynccontextmanager
async def in_a_thread(absence: AbstractContextManager[None]) -> AsyncIterator[None]:
    """Its beginning and its end take a while, and the crowd does not stop for it."""
    with contextlib.ExitStack() as outage:
        await asyncio.to_thread(outage.enter_context, absence)
        yield
        await asyncio.to_thread(outage.pop_all().close)
