"""The simulation's server behind real sockets: the client's driver is tried out on it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Self

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.simulation.server import ROOM, Server, Visit


class RealTime:
    def now(self) -> float:
        return time.time() * 1000

    def after(self, delay: float, deed: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(delay / 1000, deed)


class SocketServer:
    """What it was told, and a hand on its sockets."""

    def __init__(self) -> None:
        self.server = Server(RealTime())
        self.heard: list[str] = []
        self.sockets: list[ServerConnection] = []
        self.answers = True  # whether it does what it is told
        self.url = ""

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls) -> AsyncIterator[Self]:
        stage = cls()
        async with serve(stage._serve, "127.0.0.1", 0, compression=None) as listening:
            port = next(iter(listening.sockets)).getsockname()[1]
            stage.url = f"http://127.0.0.1:{port}/room/{ROOM}"
            yield stage

    async def hang_up(self, code: int) -> None:
        """Close every socket."""
        closing, self.sockets = self.sockets, []
        await asyncio.gather(*(socket.close(code) for socket in closing))

    def cut(self) -> None:
        """As a lost network does: without a word."""
        cut, self.sockets = self.sockets, []
        for socket in cut:
            socket.transport.abort()

    async def _serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        outbox: asyncio.Queue[str | int] = asyncio.Queue()
        visit = self.server.connect(outbox.put_nowait, outbox.put_nowait)
        writing = asyncio.create_task(self._write(socket, outbox))
        try:
            with contextlib.suppress(ConnectionClosed):
                while True:
                    self._hear(visit, str(await socket.recv()))
        finally:
            writing.cancel()
            self.server.hang_up(visit)

    def _hear(self, visit: Visit, text: str) -> None:
        self.heard.append(text)
        if self.answers or '"type":"join"' in text:
            self.server.hear(visit, text)

    async def _write(self, socket: ServerConnection, outbox: asyncio.Queue[str | int]) -> None:
        """Text to be sent, and at last the code to close with."""
        with contextlib.suppress(ConnectionClosed):
            while isinstance(said := await outbox.get(), str):
                await socket.send(said)
            await socket.close(said)


async def until(condition: Callable[[], bool]) -> None:
    """Let the others have their turn until it is so."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - anything may make it so
            await asyncio.sleep(0.001)
