"""uvicorn's websocket protocol, with what an application cannot do over ASGI.

It ends a connection whose reader does not read, and tells everybody to come back when the server
stops. And it takes the shorter way where there is one: a frame that is ready is written at once,
and a text is handed over as it comes, without a queue and a task's turn between, and without the
two system calls by which uvicorn stops and resumes reading around each message. Pings go by one
timer for all connections.
"""

import random
from asyncio import AbstractEventLoop
from asyncio.protocols import BaseProtocol
from asyncio.transports import BaseTransport
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame
from websockets.protocol import Protocol

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.wire import error
from syncplay_backend.services import timekeeping, upkeep
from syncplay_backend.ws import handshake, keepalive
from syncplay_backend.ws.texts import whole_text

EXTENSION = "syncplay.line"
CUT_AFTER = 2.0  # seconds: how long a close frame may wait for a reader who is not reading
SPREAD = 5.0  # seconds over which those who are sent away come back


class SyncPlayProtocol(WebSocketsSansIOProtocol):
    """Also measures what only the wire knows: when a frame came, and how far the client is."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._rota = keepalive.rota_of(server_state, self.loop, self.ping_interval or 0)
        self.heard_at = 0.0  # ms, the server's clock; 0: nothing came yet
        self._round_trips: deque[float] = deque(maxlen=8)
        self._least_trip: float | None = None
        self._hear: Callable[[str], None] | None = None
        self.is_flowing = False  # whether a ready frame may be written now

    async def run_asgi(self) -> None:
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self
        try:
            await super().run_asgi()
        finally:
            del extensions[EXTENSION]

    def data_received(self, data: bytes) -> None:
        is_first = not self.heard_at
        self.heard_at = timekeeping.precise()
        if self._is_between_frames() and self._takes_whole(data):
            return
        if is_first and (request := handshake.read(data)) is not None:
            self._expect_frames()
            self.handle_connect(request)
        else:
            super().data_received(data)
            if is_first and not self.handshake_initiated:
                self._turn_away()

    def _is_between_frames(self) -> bool:
        """Whether nothing is under way that only the parser knows of."""
        parser = self.conn
        return not (self.close_sent or parser.reader.buffer or parser.current_size is not None)

    def _takes_whole(self, data: bytes) -> bool:
        """Hear what came, if it is one frame of the kinds that nearly all are."""
        word = self.pending_ping_payload
        if word is not None and keepalive.is_whole_pong(data, word):
            self._note_pong()
            return True
        if self._hear is None or (message := whole_text(data, self.config.ws_max_size)) is None:
            return False
        if (text := _text_of(message)) is None:
            return False
        self._hear(text)
        return True

    def _turn_away(self) -> None:
        """Of a request that `websockets` cannot read uvicorn hears nothing, and would wait for
        ever; its own parser has read all of it, so nothing more is to come."""
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    def _expect_frames(self) -> None:
        """From what comes next: the handshake has been read."""
        self.conn.parser = Protocol.parse(self.conn)
        next(self.conn.parser)

    def listen(self, hear: Callable[[str], None]) -> None:
        self._hear = hear

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.write = self.transport.write
        _retire(self.transport.get_protocol())

    def pause_writing(self) -> None:
        """The reader is behind: what comes now waits its turn, by `send`."""
        self.is_flowing = False
        super().pause_writing()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look_whether_it_flows()

    def _look_whether_it_flows(self) -> None:
        is_open = self.handshake_complete and not self.close_sent and not self.disconnected
        self.is_flowing = is_open and not self.transport.is_closing()

    def handle_close(self, event: Frame) -> None:
        self.is_flowing = False
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        self.is_flowing = False
        super().handle_parser_exception()

    def keepalive_timeout(self) -> None:
        self.is_flowing = False
        super().keepalive_timeout()
        self._abort_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_flowing = False
        super().connection_lost(exc)
        self._let_go()

    def _let_go(self) -> None:
        """What leads in a circle would lie about until the collector finds it, among all that is
        in use: a quarter of a second in which nobody is served, after a few thousand connections.
        """
        self._hear = None
        self.conn.parser = _nothing()  # a generator that has hold of `conn`

    def send_receive_event_to_app(self) -> None:
        """A text goes to who listens. What is no text is handed on as bytes, which are refused in
        words; uvicorn would write a traceback into the log, for any stranger who asks for one."""
        if self.curr_msg_data_type == "text":
            text = _text_of(b"".join(self.frames))
            if text is None:
                self.curr_msg_data_type = "bytes"
            elif self._hear is not None and not self.close_sent:
                self.frames = []
                self._hear(text)
                return
        super().send_receive_event_to_app()

    def start_keepalive(self) -> None:
        """The handshake is over. Ping at once: the round trip is wanted before the first start is
        scheduled."""
        self._look_whether_it_flows()
        if self.ping_interval:
            self.send_keepalive_ping()

    def stop_keepalive(self) -> None:
        self._rota.strike(self)
        super().stop_keepalive()

    def send_keepalive_ping(self) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self.pending_ping_payload = word = keepalive.new_word()
        self.ping_sent_at = self.loop.time()
        self.write(keepalive.ping(word))
        self._rota.put(self)

    def take_turn(self) -> None:
        """The last ping's interval is over."""
        if self.pending_ping_payload is None or self.ping_timeout is None:
            self.send_keepalive_ping()
        elif self.loop.time() - self.ping_sent_at >= self.ping_timeout:
            self.keepalive_timeout()
        else:
            self._rota.put(self)

    def handle_pong(self, event: Frame) -> None:
        if bytes(event.data) == self.pending_ping_payload:
            self._note_pong()

    def _note_pong(self) -> None:
        self.pending_ping_payload = None
        self._round_trips.append((self.loop.time() - self.ping_sent_at) * 1000)
        self._least_trip = min(self._round_trips)

    def round_trip(self) -> float | None:
        """Milliseconds: the least of the last 8, since delays only ever add to it."""
        return self._least_trip

    def cut(self, code: int) -> None:
        """Send a close frame if there is room for it, and end the connection in any case.

        uvicorn's own close waits for what is buffered to be read, which may be for ever.
        """
        if not self.transport.is_closing():
            self._write_close(code)
        self._abort_soon()

    def _write_close(self, code: int) -> None:
        self.is_flowing = False
        self.stop_keepalive()
        if self.handshake_complete and not self.close_sent:
            self.conn.send_close(code)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})

    def _abort_soon(self) -> None:
        """A transport that is closed waits, for ever, until what it has is read."""
        self.loop.call_later(CUT_AFTER, self._abort)

    def _abort(self) -> None:
        if not self.disconnected:
            self.transport.abort()

    def shutdown(self) -> None:
        """The server stops: say when to come back, spread so that not all come at once.

        uvicorn calls this for every connection before it tells the application.
        """
        upkeep.stop_entering()
        if self.transport.is_closing():
            self.stop_keepalive()
            self._abort_soon()
        elif self.handshake_complete and not self.close_sent:
            self.conn.send_text(_come_back().encode())
            self._write_close(Close.RESTARTING)
            self._abort_soon()
            self.transport.close()
        else:
            super().shutdown()


def _retire(http: BaseProtocol) -> None:
    """It has read the request, and is heard no more; httptools' parser and it have hold of each
    other, which uvicorn loosens only when a connection ends as HTTP."""
    if hasattr(http, "parser"):
        http.parser = None


def _nothing() -> Generator[None, None, None]:
    yield from ()


def _text_of(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _come_back() -> str:
    wait = round(0.5 + random.random() * SPREAD, 2)
    return error(
        Refused(Code.UNAVAILABLE, "The server restarts. Come back shortly.", retry_after=wait)
    )
