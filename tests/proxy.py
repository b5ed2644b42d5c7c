"""A bad line: a TCP proxy before a server, that delays what passes, withholds or alters it, or
breaks off."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Self, TypeAlias

CHUNK = 64 * 1024
LATER = 1e-6  # s

Passes: TypeAlias = Callable[[], bool]
Alter: TypeAlias = Callable[[bytes], bytes]


class Delay:
    """How long each chunk takes one way (ms): `usual` ± `jitter`. None overtakes another."""

    def __init__(self, usual: float = 0.0, jitter: float = 0.0, seed: int = 0) -> None:
        self._usual = usual
        self._jitter = jitter
        self._dice = Random(seed)

    def draw(self) -> float:
        """Seconds."""
        return max(0.0, self._usual + self._dice.uniform(-self._jitter, self._jitter)) / 1000


class Proxy:
    """Listens at `port`; each connection to it becomes one to the server behind it."""

    def __init__(
        self,
        server_port: int,
        delay: Delay | None = None,
        alter: Callable[[], Alter] = lambda: bytes,
    ) -> None:
        self.port = 0
        self.answers = True  # whether what the server says gets through
        self.listens = True  # whether what is said to the server gets through
        self._alter = alter  # makes, for each connection, what the server's words go through
        self._server_port = server_port
        self._delay = delay or Delay()
        self._sockets: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()

    @classmethod
    @contextlib.asynccontextmanager
    async def before(
        cls,
        server_port: int,
        delay: Delay | None = None,
        alter: Callable[[], Alter] = lambda: bytes,
    ) -> AsyncIterator[Self]:
        proxy = cls(server_port, delay, alter)
        listening = await asyncio.start_server(proxy._carry, "127.0.0.1", 0)
        proxy.port = listening.sockets[0].getsockname()[1]
        try:
            yield proxy
        finally:
            listening.close()
            proxy.cut()
            await asyncio.gather(*proxy._pumps, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """As a lost network does: every connection ends without a word."""
        for socket in self._sockets:
            socket.transport.abort()
        for pump in self._pumps:
            pump.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sockets.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            writer.transport.abort()
            return
        self._sockets.add(back)
        self._pump(reader, back, lambda: self.listens, bytes)
        self._pump(there, writer, lambda: self.answers, self._alter())

    def _pump(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        passes: Passes,
        alter: Alter,
    ) -> None:
        task = asyncio.create_task(_carry_over(source, target, self._delay, passes, alter))
        self._pumps.add(task)
        task.add_done_callback(self._pumps.discard)


async def _carry_over(
    source: asyncio.StreamReader,
    target: asyncio.StreamWriter,
    delay: Delay,
    passes: Passes,
    alter: Alter,
) -> None:
    """Until either end is gone: then so is the other."""
    loop = asyncio.get_running_loop()
    last = 0.0
    try:
        while chunk := await source.read(CHUNK):
            if passes():
                # Of two timers for the same instant either may be first: it must be a later one.
                last = max(last + LATER, loop.time() + delay.draw())
                loop.call_at(last, _write, target, alter(chunk))
    except OSError:
        pass
    finally:
        loop.call_at(last + LATER, target.transport.abort)


def _write(target: asyncio.StreamWriter, chunk: bytes) -> None:
    if not target.is_closing():
        target.write(chunk)
