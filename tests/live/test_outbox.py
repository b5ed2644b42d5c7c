"""The outbox: all that a connection is sent, in one order, while nobody waits for its reader."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live import outbox as module
from syncplay_backend.live.frames import text_frame, text_of
from syncplay_backend.live.outbox import MOST_FRAMES, STUCK, Outbox


class Wire:
    """A server's end of a socket, with a reader who reads or does not."""

    def __init__(self) -> None:
        self.sent: list[str | int] = []
        self.cuts: list[int] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.broken = False
        self.is_flowing = False
        self.written: list[str] = []
        self.outbox = Outbox(self.send, self)

    def write(self, frame: bytes) -> None:
        self.written.append(text_of(frame))

    def cut(self, code: int) -> None:
        self.cuts.append(code)

    async def send(self, message: dict[str, Any]) -> None:
        await self.reading.wait()
        if self.broken:
            raise ConnectionError("the socket is gone")
        self.sent.append(message["text"] if "text" in message else message["code"])

    async def settle(self) -> None:
        """Let everything happen that can without the reader."""
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture
async def wire() -> Wire:
    return Wire()


async def test_frames_go_out_in_the_order_they_were_put(wire: Wire) -> None:
    for frame in "abc":
        wire.outbox.put(frame)
    await wire.settle()
    wire.outbox.put("d")
    await wire.settle()
    assert wire.sent == ["a", "b", "c", "d"]


async def test_it_closes_after_all_that_was_put_before_and_takes_nothing_more(wire: Wire) -> None:
    wire.outbox.put("a")
    wire.outbox.close(Close.ROOM_CLOSED)
    wire.outbox.put("too late")
    wire.outbox.close(Close.LEFT)
    await wire.settle()
    wire.outbox.put("far too late")
    await wire.settle()
    assert wire.sent == ["a", Close.ROOM_CLOSED]


async def test_it_closes_with_nothing_to_send_too(wire: Wire) -> None:
    wire.outbox.close(Close.LEFT)
    await wire.settle()
    assert wire.sent == [Close.LEFT]


async def test_nothing_waits_for_a_reader_who_does_not_read(wire: Wire) -> None:
    wire.reading.clear()
    for number in range(100):
        wire.outbox.put(str(number))
    await wire.settle()
    assert wire.sent == []
    wire.reading.set()
    await wire.settle()
    await asyncio.sleep(0)
    assert len(wire.sent) == 100


async def test_one_failing_socket_ends_itself_and_nobody_else(wire: Wire) -> None:
    other = Wire()
    wire.broken = True
    for outbox in (wire.outbox, other.outbox):
        outbox.put("a")
    await wire.settle()
    for outbox in (wire.outbox, other.outbox):
        outbox.put("b")
        outbox.close(Close.LEFT)
    await wire.settle()
    assert wire.sent == []
    assert other.sent == ["a", "b", Close.LEFT]


async def test_who_does_not_read_for_long_is_stuck(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000_000]
    monkeypatch.setattr(module.clock, "now", lambda: now[0])
    wire.outbox.put("a")
    await wire.settle()
    now[0] += 10 * STUCK
    assert not wire.outbox.is_stuck(), "who has nothing to read is not stuck"
    wire.reading.clear()
    wire.outbox.put("b")
    await wire.settle()
    now[0] += STUCK
    assert not wire.outbox.is_stuck()
    now[0] += 1
    assert wire.outbox.is_stuck()


async def test_who_is_given_up_is_cut_off_once_and_sent_nothing_more(wire: Wire) -> None:
    wire.reading.clear()
    wire.outbox.put("a")
    await wire.settle()
    wire.outbox.give_up()
    wire.outbox.give_up()
    wire.reading.set()
    wire.outbox.put("b")
    wire.outbox.close(Close.LEFT)
    await wire.settle()
    assert wire.cuts == [Close.TOO_SLOW]
    assert wire.sent == []


async def test_a_reader_who_falls_behind_by_too_many_frames_is_cut_off(wire: Wire) -> None:
    wire.reading.clear()
    for _ in range(MOST_FRAMES + 1):
        wire.outbox.put("a")
    assert wire.cuts == [Close.TOO_SLOW]
    assert not wire.outbox._waiting, "the memory is free again"


async def test_a_reader_who_falls_behind_by_too_much_text_is_cut_off(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1_000)
    wire.reading.clear()
    for _ in range(9):
        wire.outbox.put("a" * 100)
    assert wire.cuts == []
    for _ in range(3):
        wire.outbox.put("a" * 100)
    assert wire.cuts == [Close.TOO_SLOW]


async def test_who_reads_may_be_sent_any_amount(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1_000)
    for _ in range(50):
        wire.outbox.put("a" * 400)
        await wire.settle()
    assert len(wire.sent) == 50
    assert wire.cuts == []


async def test_what_is_discarded_is_sent_to_nobody(wire: Wire) -> None:
    wire.reading.clear()
    wire.outbox.put("a")
    wire.outbox.put("b")
    await wire.settle()
    wire.outbox.discard()
    wire.reading.set()
    await wire.settle()
    assert wire.sent == []
    assert wire.cuts == []


async def test_where_it_flows_a_frame_is_written_at_once(wire: Wire) -> None:
    wire.is_flowing = True
    wire.outbox.put("a")
    wire.outbox.put(text_frame("b"))
    wire.outbox.put(lambda: "c")
    wire.outbox.put_newest("status", "d")
    assert wire.written == ["a", "b", "c", "d"]
    await wire.settle()
    assert wire.sent == []


async def test_what_waits_is_overtaken_by_nothing(wire: Wire) -> None:
    wire.reading.clear()
    wire.outbox.put("a")
    await wire.settle()
    wire.is_flowing = True  # it could be written to again, but `a` has not gone out
    wire.outbox.put(text_frame("b"))
    wire.outbox.put_newest("status", "c")
    wire.outbox.put_newest("status", "d")
    assert wire.written == []
    wire.reading.set()
    await wire.settle()
    assert wire.sent == ["a", "b", "d"]
    wire.outbox.put("e")
    assert wire.written == ["e"], "nothing waits any more"


async def test_nothing_is_written_after_the_end(wire: Wire) -> None:
    wire.is_flowing = True
    wire.outbox.close(Close.LEFT)
    wire.outbox.put(text_frame("too late"))
    await wire.settle()
    wire.outbox.put(text_frame("far too late"))
    assert (wire.written, wire.sent) == ([], [Close.LEFT])
