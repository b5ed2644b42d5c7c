"""All that one connection is sent, in one order: snapshots, answers, news, and its end."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live.clock import clock
from syncplay_backend.live.frames import text_frame, text_of

# Text; or a ready frame, made once for many; or, where it is stamped with the time or newer ones
# replace it, what makes the text at the last moment.
Frame = str | bytes | Callable[[], str]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MOST_FRAMES = 4_000
MOST_BYTES = 8 * 1024 * 1024  # of text counted in characters
STUCK = 10_000  # ms: how long one frame may wait for a reader


class Wire(Protocol):
    """The server's end of a socket, beside ASGI's `send`."""

    is_flowing: bool  # whether a ready frame may be written now

    def write(self, frame: bytes, /) -> object: ...

    def cut(self, code: int, /) -> None:
        """End a connection whose reader does not read, and so would read no close frame either."""


class Outbox:
    """A frame is written at once where the server lets us and the reader keeps up. Else it waits,
    and so does all that comes after it; and nothing waits for a slow reader but a task of its own.
    """

    def __init__(self, send: Send, wire: Wire) -> None:
        self.wire = wire
        self.is_idle = True  # nothing waits to be sent, and there is no end in sight
        self._send = send
        self._waiting: deque[Frame] = deque()
        self._newest: dict[str, str] = {}
        self._bytes = 0
        self._close: Close | None = None
        self._over = False
        self._draining: asyncio.Task[None] | None = None
        self._sending_since: int | None = None

    def put(self, frame: Frame) -> None:
        if not self._written(frame):
            self._wait(frame)

    def put_newest(self, kind: str, frame: str) -> None:
        """Send the frame, unless a newer one of its kind comes before its turn does."""
        if kind in self._newest:
            self._newest[kind] = frame
        elif not self._written(frame):
            self._newest[kind] = frame
            self._wait(lambda: self._newest.pop(kind))

    def _written(self, frame: Frame) -> bool:
        """Whether the frame is done with: written, or nobody is there to read it."""
        if not self.is_idle or not self.wire.is_flowing:
            return self._over
        if not isinstance(frame, bytes):
            frame = text_frame(frame if isinstance(frame, str) else frame())
        self.wire.write(frame)
        return True

    def _wait(self, frame: Frame) -> None:
        if self._over or self._close is not None:
            return
        self._waiting.append(frame)
        self._bytes += 0 if callable(frame) else len(frame)
        if len(self._waiting) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self.give_up()
        else:
            self._wake()

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
            self.wire.cut(Close.TOO_SLOW)

    def discard(self) -> None:
        """The connection is gone: nobody is there to send to."""
        self._over = True
        self.is_idle = False
        self._waiting.clear()
        if self._draining is not None:
            self._draining.cancel()

    def _wake(self) -> None:
        self.is_idle = False
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
            self.is_idle = not self._over

    def _next(self) -> str:
        frame = self._waiting.popleft()
        if callable(frame):
            return frame()
        self._bytes -= len(frame)
        return frame if isinstance(frame, str) else text_of(frame)

    async def _timed(self, message: dict[str, Any]) -> None:
        self._sending_since = clock.now()
        await self._send(message)
        self._sending_since = None
