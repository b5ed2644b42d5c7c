"""uvicorn's websocket protocol, with two things that an application cannot do over ASGI: end a
connection whose reader does not read, and tell everybody to come back when the server stops."""

import random
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.wire import error
from syncplay_backend.services import upkeep

EXTENSION = "syncplay.cut"
CUT_AFTER = 2.0  # seconds: how long a close frame may wait for a reader who is not reading
SPREAD = 5.0  # seconds over which those who are sent away come back


class SyncPlayProtocol(WebSocketsSansIOProtocol):
    async def run_asgi(self) -> None:
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self.cut
        await super().run_asgi()

    def cut(self, code: int) -> None:
        """Send a close frame if there is room for it, and end the connection in any case.

        uvicorn's own close waits for what is buffered to be read, which may be for ever.
        """
        if self.transport.is_closing():
            return
        self._write_close(code)
        self.loop.call_later(CUT_AFTER, self._abort)

    def _write_close(self, code: int) -> None:
        self.stop_keepalive()
        if self.handshake_complete and not self.close_sent:
            self.conn.send_close(code)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})

    def _abort(self) -> None:
        if not self.disconnected:
            self.transport.abort()

    def shutdown(self) -> None:
        """The server stops: say when to come back, spread so that not all come at once.

        uvicorn calls this for every connection before it tells the application.
        """
        upkeep.stop_entering()
        if self.handshake_complete and not self.close_sent and not self.transport.is_closing():
            self.conn.send_text(_come_back().encode())
            self._write_close(Close.RESTARTING)
            self.loop.call_later(CUT_AFTER, self._abort)
            self.transport.close()
        else:
            super().shutdown()


def _come_back() -> str:
    wait = round(0.5 + random.random() * SPREAD, 2)
    return error(
        Refused(Code.UNAVAILABLE, "The server restarts. Come back shortly.", retry_after=wait)
    )
