"""The short way for a text that came whole: it reads what the parser reads, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from syncplay_backend.ws.texts import whole_text
from tests.ws.test_server import Meeting

MOST = 70_000
some_text = st.text(max_size=60).map(str.encode)


def sent(data: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    """As a client sends it."""
    return Frame(opcode, data, fin=fin).serialize(mask=True)


@pytest.mark.parametrize("length", [0, 1, 5, 125, 126, 127, 65_535])
def test_a_text_that_came_whole_is_read(length: int) -> None:
    text = b"x" * length
    assert whole_text(sent(text), MOST) == text


@given(st.text().map(str.encode))
def test_whatever_it_says(text: bytes) -> None:
    assert whole_text(sent(text), MOST) == text


LONG = b"x" * 65_536
NOT_ONE_WHOLE_TEXT = {
    "nothing": b"",
    "a part of a head": sent(b"hello")[:5],
    "a part": sent(b"hello")[:-1],
    "a part of a long head": sent(LONG[:300])[:6],
    "one and a part of another": sent(b"hello") + b"\x81",
    "two": sent(b"one") * 2,
    "a binary one": sent(b"hello", Opcode.BINARY),
    "the first of several": sent(b"hel", fin=False),
    "a later one of several": sent(b"lo", Opcode.CONT),
    "a ping": sent(b"hello", Opcode.PING),
    "a close": sent(b"", Opcode.CLOSE),
    "one that is not masked": Frame(Opcode.TEXT, b"hello").serialize(mask=False),
    "a compressed one": bytes([0xC1]) + sent(b"hello")[1:],
    "a very long one": sent(LONG),
    "one that says its length at length": b"\x81\xfe\x00\x02" + b"\0" * 4 + b"hi",
}


@pytest.mark.parametrize("data", NOT_ONE_WHOLE_TEXT.values(), ids=NOT_ONE_WHOLE_TEXT.keys())
def test_all_else_is_left_to_the_parser(data: bytes) -> None:
    assert whole_text(data, 1 << 20) is None


def test_more_than_may_be_said_is_left_to_the_parser_which_refuses_it() -> None:
    assert whole_text(sent(b"hello"), 5) == b"hello"
    assert whole_text(sent(b"hello"), 4) is None


@given(st.lists(some_text, max_size=6), st.data())
@settings(max_examples=100, deadline=None)
def test_however_the_bytes_come_the_same_texts_are_heard(
    texts: list[bytes], data: st.DataObject
) -> None:
    """Whole frames, pieces of them, several at once; and texts in fragments with a pong between."""
    stream = b"".join(_frames(text, in_pieces=data.draw(st.booleans())) for text in texts)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8).map(sorted))
    edges = [0, *cuts, len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(edges) if b > a]
    heard = asyncio.run(_what_is_heard(chunks))
    assert heard == [text.decode() for text in texts]


def _frames(text: bytes, *, in_pieces: bool) -> bytes:
    if not in_pieces:
        return sent(text)
    half = len(text) // 2
    first, rest = sent(text[:half], fin=False), sent(text[half:], Opcode.CONT)
    return first + sent(b"", Opcode.PONG) + rest


async def _what_is_heard(chunks: list[bytes]) -> list[str]:
    async with a_meeting() as (meeting, heard):
        for chunk in chunks:
            meeting.protocol.data_received(chunk)
        assert meeting.heard == [], "who listens hears all of it"
    return heard


@asynccontextmanager
async def a_meeting() -> AsyncIterator[tuple[Meeting, list[str]]]:
    """Somebody listens, and what it hears."""
    meeting = Meeting()
    await meeting.shake_hands()
    heard: list[str] = []
    meeting.protocol.listen(heard.append)
    yield meeting, heard
    meeting.protocol.connection_lost(None)
    await asyncio.gather(*meeting.protocol.tasks, return_exceptions=True)


async def test_a_whole_text_amid_the_fragments_of_another_is_an_error_as_ever() -> None:
    async with a_meeting() as (meeting, heard):
        meeting.protocol.data_received(sent(b"hel", fin=False))
        meeting.protocol.data_received(sent(b"whole"))
        [close] = meeting.frames()
    assert (close.opcode, close.data[:2]) == (Opcode.CLOSE, (1002).to_bytes(2, "big"))
    assert heard == []


async def test_what_is_no_text_is_not_heard() -> None:
    async with a_meeting() as (meeting, heard):
        meeting.protocol.data_received(sent(b"\xff\xfe"))
    assert heard == []


async def test_after_a_close_nothing_is_heard() -> None:
    async with a_meeting() as (meeting, heard):
        meeting.protocol.cut(4408)
        meeting.protocol.data_received(sent(b"late"))
    assert heard == []
