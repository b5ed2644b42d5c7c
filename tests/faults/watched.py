"""SyncPlay as it is served, but for one thing: at SIGUSR1 it writes down what it holds.

A server that must not leak has to be asked what it has; and the product itself should not know
that it is being tested. So this is another way to start it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import runpy
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

from tests.process import ROOT, ServerProcess

Census: TypeAlias = dict[str, dict[str, int]]

FILE = "CENSUS_FILE"
PATIENCE = 10.0
KINDS = ("Connection", "Outbox", "RoomSocket", "Seat", "LocalRoom", "SyncPlayProtocol")
MODULES = ("syncplay_backend.live.", "syncplay_backend.ws.")


class WatchedServer(ServerProcess):
    def __init__(self, **more: Any) -> None:
        super().__init__("uvicorn", **more)
        self._census = self.folder / "census.json"
        self.env[FILE] = str(self._census)

    def command(self) -> list[str]:
        _python, _manage, *arguments = super().command()
        return [sys.executable, "-m", "tests.faults.watched", *arguments]

    def census(self) -> Census:
        """Its tasks and its objects, by their names."""
        self._census.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR1)
        deadline = time.monotonic() + PATIENCE
        while not self._census.exists():
            assert time.monotonic() < deadline, "it does not answer"
            time.sleep(0.01)
        counted: Census = json.loads(self._census.read_text())
        return counted


def count() -> dict[str, Counter[str]]:
    gc.collect()
    return {
        "tasks": Counter(name_of(task) for task in asyncio.all_tasks() if not task.done()),
        "objects": Counter(
            type(thing).__name__ for thing in gc.get_objects() if is_ours(type(thing))
        ),
    }


def name_of(task: asyncio.Task[Any]) -> str:
    return getattr(task.get_coro(), "__qualname__", "?")


def is_ours(kind: type) -> bool:
    return kind.__name__ in KINDS and kind.__module__.startswith(MODULES)


def write_down(*_signal: object) -> None:
    file = Path(os.environ[FILE])
    unfinished = file.with_suffix(".tmp")
    unfinished.write_text(json.dumps(count()))
    unfinished.rename(file)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, write_down)
    sys.argv[0] = "manage.py"
    runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")
