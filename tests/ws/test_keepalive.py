"""Pings and pongs: how far everybody is, and whether it is there at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol

from syncplay_backend.ws import server as ws_server
from syncplay_backend.ws.keepalive import TICK, Rota, is_whole_pong, new_word, ping
from tests.live.by_hand import NOW, Time
from tests.peer import PATIENCE
from tests.services.stage import soon
from tests.ws.test_server import Meeting

SHORT = 0.04  # seconds
WORD = b"word"


def pong(word: bytes = WORD) -> bytes:
    """As a client sends it."""
    return Frame(Opcode.PONG, word).serialize(mask=True)


class Greeting(Meeting):
    """A meeting of which the first ping is known."""

    async def shake_hands(self) -> None:
        self.protocol.connection_made(self.wire)
        self.client.send_request(self.client.connect())
        self.protocol.data_received(b"".join(self.client.data_to_send()))
        async with asyncio.timeout(PATIENCE):
            await self.accepted.wait()

    async def pinged(self) -> bytes:
        """The word of the next ping."""
        pings = await soon(lambda: [f for f in self.frames() if f.opcode is Opcode.PING])
        return bytes(pings[0].data)

    def trips(self) -> int:
        return len(self.protocol._round_trips)


@asynccontextmanager
async def greeting(**options: Any) -> AsyncIterator[Greeting]:
    meeting = Greeting(**options)
    await meeting.shake_hands()
    yield meeting
    meeting.protocol.connection_lost(None)
    await asyncio.gather(*meeting.protocol.tasks, return_exceptions=True)


@pytest.fixture
def parser_forbidden(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def fail(parser: Protocol, data: bytes) -> None:
        raise AssertionError("the parser was asked")

    return lambda: monkeypatch.setattr(Protocol, "receive_data", fail)


async def test_a_pong_is_read_at_a_glance_and_measures_the_round_trip(
    parser_forbidden: Callable[[], None],
) -> None:
    async with greeting() as meeting:
        word = await meeting.pinged()
        assert meeting.protocol.round_trip() is None
        parser_forbidden()
        meeting.protocol.ping_sent_at -= 0.25
        meeting.protocol.data_received(pong(word))
        trip = meeting.protocol.round_trip()
    assert trip is not None
    assert 250 <= trip < 250 + PATIENCE * 1000


async def test_a_pong_that_nobody_asked_for_is_ignored() -> None:
    async with greeting() as meeting:
        word = await meeting.pinged()
        for unasked in (b"", b"wor", b"another word"):
            meeting.protocol.data_received(pong(unasked))
        assert meeting.trips() == 0
        meeting.protocol.data_received(pong(word))
        meeting.protocol.data_received(pong(word))
        assert meeting.trips() == 1


async def test_a_stale_pong_is_ignored() -> None:
    async with greeting(ws_ping_interval=SHORT, ws_ping_timeout=None) as meeting:
        first = await meeting.pinged()
        await meeting.pinged()
        meeting.protocol.data_received(pong(first))
        assert meeting.trips() == 0


async def test_a_pong_that_comes_in_parts_counts() -> None:
    async with greeting() as meeting:
        came = pong(await meeting.pinged())
        for part in (came[:1], came[1:7], came[7:]):
            assert meeting.trips() == 0
            meeting.protocol.data_received(part)
        assert meeting.trips() == 1


async def test_a_pong_that_comes_with_other_frames_counts_and_so_do_they() -> None:
    async with greeting() as meeting:
        heard: list[str] = []
        meeting.protocol.listen(heard.append)
        word = await meeting.pinged()
        text = Frame(Opcode.TEXT, b"hello").serialize(mask=True)
        meeting.protocol.data_received(pong(word) + text)
        assert (meeting.trips(), heard) == (1, ["hello"])


async def test_a_pong_amid_the_fragments_of_a_text_counts() -> None:
    async with greeting() as meeting:
        heard: list[str] = []
        meeting.protocol.listen(heard.append)
        word = await meeting.pinged()
        meeting.protocol.data_received(Frame(Opcode.TEXT, b"hel", fin=False).serialize(mask=True))
        meeting.protocol.data_received(pong(word))
        meeting.protocol.data_received(Frame(Opcode.CONT, b"lo").serialize(mask=True))
        assert (meeting.trips(), heard) == (1, ["hello"])


async def test_who_answers_is_pinged_again_and_again() -> None:
    async with greeting(ws_ping_interval=SHORT, ws_ping_timeout=SHORT) as meeting:
        words = []
        for _ in range(10):
            words.append(await meeting.pinged())
            meeting.protocol.data_received(pong(words[-1]))
        assert len(set(words)) == 10
        assert len(meeting.protocol._round_trips) == 8
        assert not meeting.wire.closing


@pytest.mark.parametrize("patience", [SHORT, 2.5 * SHORT])
async def test_who_does_not_answer_in_time_is_ended(patience: float) -> None:
    async with greeting(ws_ping_interval=SHORT, ws_ping_timeout=patience) as meeting:
        await meeting.pinged()
        began = asyncio.get_running_loop().time()
        await soon(lambda: meeting.wire.closing)
        assert asyncio.get_running_loop().time() - began >= patience - SHORT / 2
        [close] = meeting.frames()
        assert (close.opcode, close.data[:2]) == (Opcode.CLOSE, (1011).to_bytes(2, "big"))
        assert not meeting.protocol.is_flowing


async def test_who_does_not_read_either_is_ended_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Closed, a transport waits until what it has is read: of a dead line for ever."""
    monkeypatch.setattr(ws_server, "CUT_AFTER", 0.01)
    async with greeting(ws_ping_interval=SHORT, ws_ping_timeout=SHORT) as meeting:
        async with asyncio.timeout(PATIENCE):
            await meeting.wire.aborted.wait()


@pytest.mark.parametrize("interval", [None, 0])
async def test_pings_can_be_switched_off(interval: float | None) -> None:
    async with greeting(ws_ping_interval=interval) as meeting:
        assert meeting.frames() == []


async def test_who_has_gone_is_not_pinged_and_not_kept() -> None:
    async with greeting(ws_ping_interval=SHORT, ws_ping_timeout=SHORT) as meeting:
        await meeting.pinged()
        meeting.protocol.stop_keepalive()
        assert not meeting.protocol._rota._since
        await asyncio.sleep(3 * SHORT)
        assert meeting.frames() == []


def test_a_ping_says_its_word() -> None:
    assert ping(WORD) == Frame(Opcode.PING, WORD).serialize(mask=False)
    assert len(new_word()) == len(WORD)


def test_the_pong_of_a_word_is_known() -> None:
    assert is_whole_pong(pong(), WORD)


NOT_THAT_PONG = {
    "nothing": b"",
    "a part of a head": pong()[:5],
    "a part": pong()[:-1],
    "two": pong() * 2,
    "another word": pong(b"also"),
    "a longer word": pong(b"words"),
    "no word": pong(b""),
    "one that is not masked": Frame(Opcode.PONG, WORD).serialize(mask=False),
    "a text": Frame(Opcode.TEXT, WORD).serialize(mask=True),
    "a ping": Frame(Opcode.PING, WORD).serialize(mask=True),
}


@pytest.mark.parametrize("data", NOT_THAT_PONG.values(), ids=NOT_THAT_PONG.keys())
def test_all_else_is_no_answer(data: bytes) -> None:
    assert not is_whole_pong(data, WORD)


class Guest:
    """Writes down when its turn came."""

    def __init__(self, turns: list[Guest], *, fails: bool = False) -> None:
        self._turns = turns
        self._fails = fails

    def take_turn(self) -> None:
        self._turns.append(self)
        if self._fails:
            raise ConnectionError("this socket is broken")


INTERVAL = 20_000  # ms


class TestRota:
    @pytest.fixture
    def time(self) -> Time:
        return Time()

    @pytest.fixture
    def rota(self, time: Time) -> Rota:
        return Rota(time, INTERVAL / 1000)

    @pytest.fixture
    def turns(self) -> list[Guest]:
        return []

    def test_everybody_has_one_turn_when_the_interval_is_over(
        self, time: Time, rota: Rota, turns: list[Guest]
    ) -> None:
        early, late = Guest(turns), Guest(turns)
        rota.put(early)
        time.pass_until(NOW + 7_000)
        rota.put(late)
        time.pass_until(NOW + INTERVAL - 1)
        assert turns == []
        time.pass_until(NOW + INTERVAL + 1_000 * TICK)
        assert turns == [early]
        time.pass_until(NOW + 5 * INTERVAL)
        assert turns == [early, late]
        assert time.is_idle

    def test_those_who_came_together_have_their_turns_together(
        self, time: Time, rota: Rota, turns: list[Guest]
    ) -> None:
        guests = [Guest(turns) for _ in range(50)]
        for number, guest in enumerate(guests):
            time.pass_until(NOW + number)
            rota.put(guest)
        ticks = 0
        while not time.is_idle:
            time.pass_until(time.now + time.next_in)
            ticks += 1
        assert turns == guests
        assert ticks <= 3

    def test_who_is_struck_has_none(self, time: Time, rota: Rota, turns: list[Guest]) -> None:
        stays, goes = Guest(turns), Guest(turns)
        rota.put(goes)
        rota.put(stays)
        rota.strike(goes)
        time.pass_until(NOW + 2 * INTERVAL)
        assert turns == [stays]

    def test_who_comes_when_all_have_had_theirs_has_one_too(
        self, time: Time, rota: Rota, turns: list[Guest]
    ) -> None:
        guest = Guest(turns)
        for _ in range(2):
            rota.put(guest)
            time.pass_until(time.now + 2 * INTERVAL)
        assert turns == [guest, guest]

    def test_one_that_fails_takes_no_turn_from_the_others(
        self, time: Time, rota: Rota, turns: list[Guest]
    ) -> None:
        broken, well = Guest(turns, fails=True), Guest(turns)
        rota.put(broken)
        rota.put(well)
        time.pass_until(NOW + INTERVAL + 1_000)
        assert turns == [broken, well]
        time.pass_until(NOW + 2 * INTERVAL + 1_000)
        assert turns == [broken, well, broken], "nor from itself, the next time"
