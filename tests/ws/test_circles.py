"""What a connection was is gone with it: nothing that leads in a circle waits for the collector,
which would look for it among all that is in use."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any
from uuid import uuid4
from weakref import ref

import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from syncplay_backend.ws.server import SyncPlayProtocol
from syncplay_backend.ws.socket import RoomSocket
from tests.services.stage import soon
from tests.ws.test_server import Wire

HANDSHAKE = (
    b"GET /ws/room/1/ HTTP/1.1\r\nHost: testserver\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
HEARTBEAT = Frame(Opcode.TEXT, b'{"type": "heartbeat"}').serialize(mask=True)


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Line(Wire):
    """A connection from its first byte on, in memory, as uvicorn would hold it."""

    def __init__(self) -> None:
        super().__init__()
        self.sockets: list[ref[RoomSocket]] = []
        config = Config(self._app, ws=SyncPlayProtocol, interface="asgi3", log_config=None)
        config.load()
        self.server = ServerState()
        self.protocol: Any = HttpToolsProtocol(config, self.server, {})
        self.protocol.connection_made(self)

    async def _app(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await receive()
        await send({"type": "websocket.accept"})
        socket = RoomSocket(uuid4(), scope, receive, send)
        self.sockets.append(ref(socket))
        await socket.converse()

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    async def says(self, data: bytes, until: bytes) -> None:
        self.protocol.data_received(data)
        await soon(lambda: until in self.written)

    async def end(self) -> None:
        self.protocol.connection_lost(None)
        self.protocol = None
        await asyncio.gather(*self.server.tasks)


async def test_nothing_of_a_connection_that_has_ended_is_left(without_collector: None) -> None:
    line = Line()
    remains: list[ref[Any]] = [ref(line.protocol)]
    await line.says(HANDSHAKE, until=b"101 ")
    remains += [ref(line.protocol), ref(line.protocol.conn)]
    await line.says(HEARTBEAT, until=b'"heartbeat"')
    remains += line.sockets
    assert [type(one()) for one in remains[1:]] == [SyncPlayProtocol, ServerProtocol, RoomSocket]
    assert remains[0]() is None, "what read the request is gone when that is done"

    await line.end()

    await asyncio.sleep(0)  # the loop still has hold of the task that has ended
    assert [one() for one in remains] == [None] * 4
