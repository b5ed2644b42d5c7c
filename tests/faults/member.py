"""A member who is there to stay: it comes back, resumes, says again, and keeps all it was told.

The protocol is the reference client's own (`Session`); this is its driver, with an eye on several
servers and a memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from syncplay_client.frames import Frame, decode
from syncplay_client.happenings import Answered, Ended, Happening
from syncplay_client.link import local_time, wait_for
from syncplay_client.session import Session
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.peer import Seat
from tests.process import ServerProcess
from tests.proxy import Proxy

SMALL = 4_096  # bytes
LEAVES_WITHIN = 20.0  # seconds
PATIENCE = 5.0  # seconds for a handshake: whoever does not answer is as good as dead


@dataclass
class Visit:
    """One connection, from its beginning to its end."""

    ws_url: str
    frames: list[Frame] = field(default_factory=list)
    code: int | None = None
    is_over: bool = False


class Member:
    """Tries its servers in turn, beginning with the first."""

    def __init__(self, seat: Seat, servers: Sequence[ServerProcess | Proxy]) -> None:
        self.seat = seat
        self.session = Session(seat.name, seat.key)
        self.visits: list[Visit] = []
        self.said: dict[str, str] = {}  # the types of its commands, by id
        self.acked: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self.put_off: Counter[str] = Counter()  # codes of what was to be tried again
        self.on_frame: Callable[[Frame], None] = lambda _: None
        self._urls = [each.ws_url for each in servers]
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None

    @property
    def name(self) -> str:
        return self.seat.name

    @property
    def seq(self) -> int:
        return self.session.room.seq if self.session.room else 0

    @property
    def unanswered(self) -> set[str]:
        return self.said.keys() - self.acked.keys() - self.refused.keys()

    @property
    def frames(self) -> list[Frame]:
        return [frame for visit in self.visits for frame in visit.frames]

    def say(self, kind: str, **data: Any) -> str:
        """Have a command done, once; its id."""
        id = self.session.command(kind, data)
        self.said[id] = kind
        self._something.set()
        return id

    def mention(self, kind: str, **data: Any) -> None:
        """What may be lost."""
        self.session.say(kind, data)
        self._something.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._stay())

    async def stop(self) -> None:
        """Go offline; whatever went wrong in the meantime is raised here."""
        assert self._task
        with contextlib.suppress(Ended):
            await end(self._task)

    async def leave(self) -> None:
        """Give up the place, and wait until that is done."""
        assert self._task
        self.session.leave()
        self._something.set()
        with contextlib.suppress(Ended):
            async with asyncio.timeout(LEAVES_WITHIN):
                await self._task

    def stop_reading(self) -> None:
        """As a page that hangs: from now on the kernel's buffers fill up, here a small one."""
        assert self._socket
        wire: socket.socket = self._socket.transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        self._socket.transport.pause_reading()

    def read_again(self) -> None:
        """Only now it learns what has become of its connection."""
        assert self._socket
        self._socket.transport.resume_reading()

    async def _stay(self) -> None:
        turn = 0
        while True:
            visit = Visit(self._urls[turn % len(self._urls)])
            try:
                await self._converse(visit)
            finally:
                visit.is_over = True
            wait = self.session.closed(local_time(), visit.code)
            turn += 1
            await asyncio.sleep(wait / 1000)

    async def _converse(self, visit: Visit) -> None:
        with contextlib.suppress(OSError, InvalidHandshake, ConnectionClosed):
            async with connect(
                f"{visit.ws_url}/ws/room/{self.seat.room_id}/",
                compression=None,
                max_size=None,
                open_timeout=PATIENCE,
                close_timeout=PATIENCE,
                ping_interval=None,  # whether the line is dead, the server has to find out
                proxy=None,
            ) as connection:
                self._socket = connection
                self.visits.append(visit)
                await self._talk(connection, visit)

    async def _talk(self, connection: ClientConnection, visit: Visit) -> None:
        self.session.opened()
        speaking = asyncio.create_task(self._speak(connection))
        try:
            while not self.session.hangs_up:
                self._hear(str(await connection.recv()), visit)
                self._something.set()
        except ConnectionClosed:
            visit.code = connection.close_code
        finally:
            speaking.cancel()

    async def _speak(self, connection: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                self._something.clear()
                self.session.tick(local_time())
                for text in self.session.outgoing():
                    await connection.send(text)
                await wait_for(self._something, self.session.due(local_time()))

    def _hear(self, text: str, visit: Visit) -> None:
        frame = decode(text)
        visit.frames.append(frame)
        if frame.type == "error" and frame.data["retryable"]:
            self.put_off[frame.data["code"]] += 1
        for happening in self.session.received(text, local_time()):
            self._note(happening)
        self.on_frame(frame)

    def _note(self, happening: Happening) -> None:
        if isinstance(happening, Answered):
            if happening.error is None:
                self.acked[happening.ref] = happening.seq
            else:
                self.refused[happening.ref] = happening.error.code


async def end(task: asyncio.Task[None]) -> None:
    """Cancel it, and raise what had gone wrong with it; nothing but that."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and (fault := task.exception()):
        raise fault
