"""What our uvicorn protocol does beyond uvicorn's own: cut, and send everybody away."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from syncplay_backend.services import upkeep
from syncplay_backend.ws import server as ws_server
from syncplay_backend.ws.server import EXTENSION, SyncPlayProtocol
from tests.conftest import GiveParty, StartServer
from tests.peer import PATIENCE
from tests.process import Kind


class Wire(asyncio.Transport):
    """A transport whose reader may have stopped reading: then `close` never comes to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closing = False
        self.aborted = asyncio.Event()

    def get_protocol(self) -> asyncio.BaseProtocol:
        return asyncio.Protocol()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = True
        self.aborted.set()

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Meeting:
    """A handshake between our protocol and a client, in memory."""

    def __init__(self, **options: Any) -> None:
        self.wire = Wire()
        self.client = ClientProtocol(parse_uri("ws://testserver/"))
        self.scope: dict[str, dict[str, Callable[[int], None]]] = {}
        self.heard: list[str] = []
        self.accepted = asyncio.Event()
        given: dict[str, Any] = {"ws_per_message_deflate": False, "log_config": None} | options
        config = Config(self._app, interface="asgi3", **given)
        config.load()
        self.protocol = SyncPlayProtocol(config, ServerState(), {})

    async def _app(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        self.scope = scope
        await receive()
        await send({"type": "websocket.accept"})
        self.accepted.set()
        while (message := await receive())["type"] != "websocket.disconnect":
            self.heard.append(message["text"])
        self.heard.append(str(message["code"]))

    async def shake_hands(self) -> None:
        self.protocol.connection_made(self.wire)
        self.client.send_request(self.client.connect())
        self.protocol.data_received(b"".join(self.client.data_to_send()))
        async with asyncio.timeout(PATIENCE):
            await self.accepted.wait()
        self.frames()

    def frames(self) -> list[Frame]:
        """What has been sent since this was last asked."""
        data, self.wire.written = self.wire.written, b""
        self.client.receive_data(data)
        return [event for event in self.client.events_received() if isinstance(event, Frame)]


@pytest.fixture
async def meeting(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Meeting]:
    monkeypatch.setattr(ws_server, "CUT_AFTER", 0.01)
    monkeypatch.setattr(upkeep, "stop_entering", lambda: None)
    meeting = Meeting()
    await meeting.shake_hands()
    yield meeting
    meeting.protocol.connection_lost(None)
    await asyncio.gather(*meeting.protocol.tasks)


async def test_the_application_is_offered_the_wire(meeting: Meeting) -> None:
    assert meeting.scope["extensions"][EXTENSION] is meeting.protocol


async def test_a_cut_says_why_and_ends_who_does_not_read(meeting: Meeting) -> None:
    meeting.protocol.cut(4408)

    assert [(f.opcode, f.data[:2]) for f in meeting.frames()] == [
        (Opcode.CLOSE, (4408).to_bytes(2, "big"))
    ]
    async with asyncio.timeout(PATIENCE):
        await meeting.wire.aborted.wait()
    assert meeting.heard == ["4408"]  # the application is told, so that it does not wait


async def test_a_cut_of_who_has_gone_is_nothing(meeting: Meeting) -> None:
    meeting.wire.closing = meeting.protocol.disconnected = True

    meeting.protocol.cut(4408)

    await asyncio.sleep(2 * ws_server.CUT_AFTER)
    assert meeting.wire.written == b""
    assert not meeting.wire.aborted.is_set()


async def test_a_cut_ends_who_is_closed_already_and_does_not_read(meeting: Meeting) -> None:
    meeting.wire.closing = True

    meeting.protocol.cut(4408)

    async with asyncio.timeout(PATIENCE):
        await meeting.wire.aborted.wait()
    assert meeting.wire.written == b""


async def test_a_second_cut_says_nothing_more(meeting: Meeting) -> None:
    meeting.protocol.cut(4408)
    meeting.protocol.cut(4408)

    assert len(meeting.frames()) == 1


async def test_a_stopping_server_says_when_to_come_back(meeting: Meeting) -> None:
    meeting.protocol.shutdown()

    error, close = meeting.frames()
    data = json.loads(bytes(error.data))["data"]
    assert data["code"] == "unavailable"
    assert data["retryable"] is True
    assert 0.5 <= data["retryAfter"] <= 0.5 + ws_server.SPREAD
    assert close.data[:2] == (1012).to_bytes(2, "big")
    assert meeting.wire.closing


async def test_a_stopping_server_does_not_wait_for_who_does_not_read(meeting: Meeting) -> None:
    meeting.protocol.shutdown()

    async with asyncio.timeout(PATIENCE):
        await meeting.wire.aborted.wait()


async def test_who_is_just_leaving_does_not_keep_the_server_from_stopping(
    meeting: Meeting,
) -> None:
    """Its bytes are not read yet, so its transport is closed and still there."""
    meeting.client.send_close(1000)
    meeting.protocol.data_received(b"".join(meeting.client.data_to_send()))
    assert meeting.wire.closing

    meeting.protocol.shutdown()

    async with asyncio.timeout(PATIENCE):
        await meeting.wire.aborted.wait()


async def test_a_socket_that_was_closed_already_is_closed_once(meeting: Meeting) -> None:
    meeting.protocol.cut(4410)
    meeting.frames()

    meeting.protocol.shutdown()

    assert meeting.frames() == []
    assert meeting.wire.closing


async def test_all_come_back_at_different_times(meeting: Meeting) -> None:
    waits = {json.loads(ws_server._come_back())["data"]["retryAfter"] for _ in range(50)}

    assert len(waits) > 10


@pytest.mark.parametrize("kind", ["daphne", "runserver"])
async def test_servers_that_are_not_ours_stop_in_time_too(
    start_server: StartServer, party: GiveParty, kind: Kind
) -> None:
    server = start_server(kind)
    them = await party(server)
    began = time.monotonic()

    await asyncio.to_thread(server.stop)

    assert time.monotonic() - began < PATIENCE
    for peer in (them.alice, them.bob):
        await peer.closed()
        assert peer.seen("user_left") == []
    assert "Traceback" not in server.logged()


async def test_a_server_that_is_stopped_tells_its_members(
    start_server: StartServer, party: GiveParty
) -> None:
    server = start_server()
    them = await party(server)

    await asyncio.to_thread(server.stop)

    for peer in (them.alice, them.bob):
        error = await peer.expect_error("unavailable")
        assert error["data"]["retryAfter"] > 0
        assert await peer.closed() == 1012
        assert peer.seen("user_offline") == []
    assert "Traceback" not in server.logged()
