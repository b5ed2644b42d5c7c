"""The driver: one session over real sockets, one after the other, in real time."""

import asyncio
import contextlib
import time
from collections.abc import Callable

import websockets
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from syncplay_client.happenings import Happening
from syncplay_client.session import Session

LARGEST_FRAME = 16 * 1024 * 1024


def local_time() -> float:
    """Milliseconds, of a clock that nobody sets."""
    return time.perf_counter() * 1000


async def wait_for(event: asyncio.Event, until: float | None) -> None:
    """Wait for the event, or for the instant; None: as long as it takes."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(None if until is None else (until - local_time()) / 1000):
            await event.wait()


class Link:
    """Keeps the session connected. `direct`: past any proxy that the environment names."""

    def __init__(
        self,
        url: str,
        session: Session,
        hear: Callable[[list[Happening]], None],
        *,
        direct: bool = False,
    ) -> None:
        self._url = url
        self._session = session
        self._hear = hear
        self._direct = direct
        self._something_to_say = asyncio.Event()

    def speak(self) -> None:
        """The session has something to say."""
        self._something_to_say.set()

    async def stay(self) -> None:
        """Connect, and connect again, until `Ended` is raised."""
        while True:
            code = await self._converse()
            wait = self._session.closed(local_time(), code)
            await asyncio.sleep(wait / 1000)

    async def _converse(self) -> int | None:
        """One connection, from its beginning to its end. Answers its close code."""
        try:
            async with websockets.connect(
                self._url,
                compression=None,  # a frame that waits for a compressor is late
                max_size=LARGEST_FRAME,
                proxy=None if self._direct else True,
            ) as socket:
                return await self._talk(socket)
        except (OSError, InvalidHandshake, ConnectionClosed):
            return None

    async def _talk(self, socket: ClientConnection) -> int | None:
        self._session.opened()
        speaking = asyncio.create_task(self._speak(socket))
        try:
            while not self._session.hangs_up:
                text = await socket.recv()
                self._hear(self._session.received(text, local_time()))
                self._something_to_say.set()
        except ConnectionClosed:
            return socket.close_code
        finally:
            speaking.cancel()
        return None

    async def _speak(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):  # the listener notices it, too
            while True:
                self._something_to_say.clear()
                self._session.tick(local_time())
                for text in self._session.outgoing():
                    await socket.send(text)
                await wait_for(self._something_to_say, self._session.due(local_time()))
