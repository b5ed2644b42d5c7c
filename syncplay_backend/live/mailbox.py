"""Calls from other threads into an event loop: one wake-up for all that came since the last."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)


class Mailbox:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._calls: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self._will_be_emptied = False

    def put(self, call: Callable[..., object], *args: Any) -> None:
        """Have the loop make the call, after those that were put before it.

        Raises `RuntimeError` where the loop has ended.
        """
        self._calls.append((call, args))
        if not self._will_be_emptied:
            self._will_be_emptied = True
            self._wake()

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._empty)
        except RuntimeError:
            self._will_be_emptied = False
            raise

    def _empty(self) -> None:
        self._will_be_emptied = False  # first: whoever puts something from now on wakes us again
        while self._calls:
            call, args = self._calls.popleft()
            try:
                call(*args)
            except Exception:  # the edge: one call's failure is not the next one's
                logger.exception("%r failed", call)
