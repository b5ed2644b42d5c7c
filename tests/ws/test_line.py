"""The wire below a socket: our server's own, or whatever another server offers."""

from __future__ import annotations

import asyncio
from typing import Any

from syncplay_backend.services import timekeeping
from syncplay_backend.ws.line import PlainWire, wire_of
from syncplay_backend.ws.server import EXTENSION


class Sent:
    def __init__(self, *, fails: bool = False) -> None:
        self.messages: list[Any] = []
        self._fails = fails

    async def __call__(self, message: Any) -> None:
        self.messages.append(message)
        if self._fails:
            raise ConnectionError("the socket is gone")


def test_where_the_server_offers_its_wire_it_is_taken() -> None:
    offered = object()

    assert wire_of({"extensions": {EXTENSION: offered}}, Sent()) is offered


def test_any_other_server_has_a_plain_one() -> None:
    for scope in ({}, {"extensions": None}, {"extensions": {}}, {"extensions": {"x": 1}}):
        assert isinstance(wire_of(scope, Sent()), PlainWire)


def test_a_plain_wire_knows_no_round_trip_and_has_heard_everything_just_now() -> None:
    before = timekeeping.precise()
    wire = PlainWire(Sent())

    assert wire.round_trip() is None
    assert before <= wire.heard_at <= timekeeping.precise()


async def test_a_plain_wire_is_cut_by_a_close() -> None:
    for sent in (Sent(), Sent(fails=True)):
        PlainWire(sent).cut(4408)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sent.messages == [{"type": "websocket.close", "code": 4408}]
