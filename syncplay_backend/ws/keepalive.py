"""Pings, by one timer for all connections of a server, as frames that are ready.

uvicorn holds two timers a connection, and has `websockets` write each ping and read each pong:
most of what a member costs who says nothing.
"""

import logging
import random
from asyncio import AbstractEventLoop, TimerHandle
from collections import OrderedDict
from typing import Protocol
from weakref import WeakKeyDictionary

from uvicorn.server import ServerState
from websockets.frames import apply_mask  # type: ignore[attr-defined]  # in C, where it is

logger = logging.getLogger(__name__)

TICK = 0.1  # seconds: those whose turns are closer together than that have them together

PING, PONG, MASKED = 0x89, 0x8A, 0x80  # first bytes of whole frames; a bit of the second one
WORD = 4  # bytes: what a ping says, so that its pong is known
PING_HEAD, PONG_HEAD = bytes((PING, WORD)), bytes((PONG, MASKED | WORD))
PAYLOAD = len(PONG_HEAD) + 4  # where it begins, after the mask


def new_word() -> bytes:
    return random.getrandbits(8 * WORD).to_bytes(WORD)


def ping(word: bytes) -> bytes:
    return PING_HEAD + word


def is_whole_pong(data: bytes, word: bytes) -> bool:
    """Whether this is the answer to that ping, all of it, and nothing else (RFC 6455, 5.5.3)."""
    if len(data) != PAYLOAD + WORD or not data.startswith(PONG_HEAD):
        return False
    return apply_mask(data[PAYLOAD:], data[PAYLOAD - 4 : PAYLOAD]) == word


class Pinged(Protocol):
    def take_turn(self) -> None: ...


class Rota:
    """Everybody's turn comes the same time after it was put down: who came first goes first."""

    def __init__(self, loop: AbstractEventLoop, interval: float) -> None:
        self._loop = loop
        self._interval = interval
        self._since: OrderedDict[Pinged, float] = OrderedDict()
        self._timer: TimerHandle | None = None

    def put(self, who: Pinged) -> None:
        self._since[who] = self._loop.time()
        if self._timer is None:
            self._wake()

    def strike(self, who: Pinged) -> None:
        self._since.pop(who, None)

    def _wake(self) -> None:
        first = next(iter(self._since.values()))
        wait = first + self._interval - self._loop.time()
        self._timer = self._loop.call_later(max(wait, TICK), self._tick)

    def _tick(self) -> None:
        self._call(self._loop.time() - self._interval)
        self._timer = None
        if self._since:
            self._wake()

    def _call(self, put_down_by: float) -> None:
        while self._since:
            who, since = next(iter(self._since.items()))
            if since > put_down_by:
                break
            self.strike(who)
            try:
                who.take_turn()
            except Exception:  # one connection's trouble is not the others'
                logger.exception("a connection could not be pinged")
                self.put(who)


_rotas: WeakKeyDictionary[ServerState, Rota] = WeakKeyDictionary()


def rota_of(server: ServerState, loop: AbstractEventLoop, interval: float) -> Rota:
    """The one of all connections of a server."""
    if (rota := _rotas.get(server)) is None:
        rota = _rotas[server] = Rota(loop, interval)
    return rota
