"""The wire below a socket, as far as the server lets us see it."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from syncplay_backend.services import timekeeping
from syncplay_backend.ws.origin import Scope, Send
from syncplay_backend.ws.server import EXTENSION


class Wire(Protocol):
    """What our own websocket protocol class offers."""

    @property
    def heard_at(self) -> float:
        """When (ms) the last frame came."""

    is_flowing: bool

    def write(self, frame: bytes) -> object: ...

    def cut(self, code: int) -> None: ...

    def round_trip(self) -> float | None: ...

    def listen(self, hear: Callable[[str], None]) -> None:
        """Have texts handed to `hear` as they come, and not to `receive`."""


class PlainWire:
    """Any other server: it closes when it can, and knows no more than we do."""

    is_flowing = False  # all goes by ASGI's `send`

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

    def write(self, frame: bytes) -> object:
        raise AssertionError("nothing flows here")

    def listen(self, hear: Callable[[str], None]) -> None:
        """Here they all come by `receive`."""


def wire_of(scope: Scope, send: Send) -> Wire:
    offered: Wire | None = (scope.get("extensions") or {}).get(EXTENSION)
    return offered or PlainWire(send)
