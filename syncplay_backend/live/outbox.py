"""All that one connection is sent, in one order: snapshots, answers, news, and its end."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live.clock import clock

# What is stamped with the time is made at the last moment, and so is what newer ones replace.
Frame = str | Callable[[], str]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_FRAMES = 4_000
MOST_CHARACTERS = 8 * 1024 * 1024
STUCK = 10_000  # ms: how long one frame may wait for a reader


class Outbox:
    """Nothing waits for a slow reader but a task of its own.

    `send` is the server's; `cut(code)` ends a connection whose reader does not read, and so would
    never read a close frame either.
    """

    def __init__(self, send: Send, cut: Callable[[int], None]) -> None:
        self._send = send
        self._cut = cut
        self._waiting: deque[Frame] = deque()
        self._newest: dict[str, str] = {}
        self._characters = 0
        self._close: Close | None = None
        self._over = False
        self._draining: asyncio.Task[None] | None = None
        self._sending_since: int | None = None

    def put(self, frame: Frame) -> None:
        if self._over or self._close is not None:
            return
        self._waiting.append(frame)
        self._characters += len(frame) if isinstance(frame, str) else 0
        if len(self._waiting) > MOST_FRAMES or self._characters > MOST_CHARACTERS:
            self.give_up()
        else:
            self._wake()

    def put_newest(self, kind: str, frame: str) -> None:
        """Send the frame, unless a newer one of its kind comes before its turn does."""
        is_waiting = kind in self._newest
        self._newest[kind] = frame
        if not is_waiting:
            self.put(lambda: self._newest.pop(kind))

    def close(self, close: Close) -> None:
        """Close the connection once all that waits has been sent."""
        if not self._over and self._close is None:
            self._close = close
            self._wake()

    def is_stuck(self) -> bool:
        since = self._sending_since
        return since is not None and clock.now() - since > STUCK

    def give_up(self) -> None:
        """The reader is too slow: drop what waits and end the connection."""
        if not self._over:
            self.discard()
            self._cut(Close.TOO_SLOW)

    def discard(self) -> None:
        """The connection is gone: nobody is there to send to."""
        self._over = True
        self._waiting.clear()
        if self._draining is not None:
            self._draining.cancel()

    def _wake(self) -> None:
        if self._draining is None:
            self._draining = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._timed({"type": "websocket.send", "text": self._next()})
            if self._close is not None and not self._over:
                self._over = True
                await self._timed({"type": "websocket.close", "code": int(self._close)})
        except Exception:  # the server's own errors for a socket that is gone differ by server
            self._over = True
        finally:
            self._draining = None

    def _next(self) -> str:
        frame = self._waiting.popleft()
        if not isinstance(frame, str):
            return frame()
        self._characters -= len(frame)
        return frame

    async def _timed(self, message: dict[str, Any]) -> None:
        self._sending_since = clock.now()
        await self._send(message)
        self._sending_since = None
