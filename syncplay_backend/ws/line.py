"""The wire below a socket, as far as the server lets us see it."""

import asyncio
from typing import Protocol

from syncplay_backend.services import timekeeping
from syncplay_backend.ws.origin import Scope, Send
from syncplay_backend.ws.server import EXTENSION


class Wire(Protocol):
    """What our own websocket protocol class offers."""

    @property
    def heard_at(self) -> float:
        """When (ms) the last frame came."""

    def cut(self, code: int) -> None: ...

    def round_trip(self) -> float | None: ...


class PlainWire:
    """Any other server: it closes when it can, and knows no more than we do."""

    def __init__(self, send: Send) -> None:
        self._send = send

    @property
    def heard_at(self) -> float:
        return timekeeping.precise()

    def cut(self, code: int) -> None:
        closing = asyncio.ensure_future(self._send({"type": "websocket.close", "code": code}))
        closing.add_done_callback(lambda done: done.cancelled() or done.exception())

    def round_trip(self) -> float | None:
        return None


def wire_of(scope: Scope, send: Send) -> Wire:
    offered: Wire | None = (scope.get("extensions") or {}).get(EXTENSION)
    return offered or PlainWire(send)
