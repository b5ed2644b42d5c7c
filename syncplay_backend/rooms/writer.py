"""The writer: the one thread of a process that writes to the database.

While it commits one batch the next one gathers, so that a batch is as large as the load makes it
and nobody waits for a timer. It knows no event loop: callers are handed a
`concurrent.futures.Future`, which async code wraps and sync code waits for.
"""

import atexit
import logging
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from django.db import connection

from syncplay_backend.domain.errors import unavailable

logger = logging.getLogger(__name__)

BATCH = 256
QUEUE = 10_000
PATIENCE = 5.0  # seconds: an older queue is not waited for
BUSY_PATIENCE = 2.0  # seconds: how long a job may be put off since its room was locked elsewhere
BUSY_PAUSE = 0.02
DRAIN = 8.0
CHECK_AFTER = 1.0  # seconds of silence after which the connection is tried out first

T = TypeVar("T")


class Job(Generic[T]):
    """Something to write, and the future of its answer."""

    __slots__ = ("future", "queued_at", "work")

    def __init__(self, work: T) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        self.queued_at = time.monotonic()

    @property
    def age(self) -> float:
        return time.monotonic() - self.queued_at

    def refuse(self, refused: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(refused)

    def answer(self, value: Any) -> None:
        if not self.future.done():
            self.future.set_result(value)


class Writer(Generic[T]):
    """`commit` is called in the writer's thread with what waits. It answers every job but those
    that it returns: they are put off, and come back at the head of a later batch."""

    def __init__(self, commit: Callable[[list[Job[T]]], list[Job[T]]]) -> None:
        self._commit = commit
        self._reset()
        # a forked worker has its own thread and connections, and none of its parent's jobs
        os.register_at_fork(after_in_child=self._reset)
        os.register_at_fork(after_in_child=_leave_the_pool_to_the_parent)
        atexit.register(self.drain)

    def _reset(self) -> None:
        self._jobs: deque[Job[T]] = deque()
        self._put_off: list[Job[T]] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._committed_at = 0.0

    def submit(self, work: T) -> "Future[Any]":
        """Queue some work. A queue that is full or stuck answers `unavailable` at once."""
        job = Job(work)
        with self._changed:
            if self._is_stuck():
                job.refuse(unavailable())
                return job.future
            self._jobs.append(job)
            self._start()
            self._changed.notify()
        return job.future

    def _is_stuck(self) -> bool:
        if self._stopping or len(self._jobs) + len(self._put_off) >= QUEUE:
            return True
        return bool(self._jobs) and self._jobs[0].age > PATIENCE

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()

    def drain(self) -> None:
        """Write what waits, then stop. Called at exit, or before."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join(DRAIN)

    def _run(self) -> None:
        while batch := self._gather():
            try:
                self._make_sure_of_the_connection()
                self._put_off = self._still_patient(self._commit(batch))
                self._committed_at = time.monotonic()
            except Exception as error:  # the edge of the thread: whatever happens, it goes on
                logger.exception("a batch of %d failed: %r", len(batch), error)
                for job in batch:
                    job.refuse(unavailable())
        connection.close()

    def _make_sure_of_the_connection(self) -> None:
        """Replace a connection that has died. To ask costs as much as a small batch: so one that
        was used just now, and from which nobody hangs up, is taken to be well."""
        if connection.connection is None:
            return
        is_quiet = time.monotonic() - self._committed_at > CHECK_AFTER
        if (is_quiet or _somebody_hangs_up()) and not connection.is_usable():
            connection.close()

    def _gather(self) -> list[Job[T]]:
        """What waits: first what was put off. Empty: it is time to stop."""
        with self._changed:
            if self._put_off:  # those wait, and nobody else does for them
                self._changed.wait_for(lambda: self._jobs, timeout=BUSY_PAUSE)
            else:
                self._changed.wait_for(lambda: self._jobs or self._stopping)
            fresh = min(len(self._jobs), BATCH)
            batch = self._put_off + [self._jobs.popleft() for _ in range(fresh)]
            self._put_off = []
        return batch

    def _still_patient(self, jobs: list[Job[T]]) -> list[Job[T]]:
        for job in jobs:
            if job.age > BUSY_PATIENCE:
                job.refuse(unavailable())
        return [job for job in jobs if not job.future.done()]


def _somebody_hangs_up() -> bool:
    """Whether PostgreSQL has said something unasked, as its last words are; SQLite is no server."""
    if connection.vendor != "postgresql":
        return False
    looking = select.poll()  # `select` knows no descriptor above 1,023
    looking.register(connection.connection.fileno(), select.POLLIN)
    return bool(looking.poll(0))


_left: list[object] = []  # never closed here: the parent's sockets would hear of it


def _leave_the_pool_to_the_parent() -> None:
    """The threads that tend a pool of connections are not forked along with it."""
    pools: dict[str, object] = getattr(connection, "_connection_pools", {})
    _left.extend(pools.values())
    pools.clear()
