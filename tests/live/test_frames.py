"""Frames as they go onto the wire: what RFC 6455 says they are, and nothing but the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from syncplay_backend.live.frames import text_frame, text_of


def as_a_client_reads_it(frame: bytes) -> Frame:
    client = ClientProtocol(parse_uri("ws://testserver/"), state=OPEN, max_size=None)
    client.parser = super(ClientProtocol, client).parse()
    next(client.parser)
    client.receive_data(frame)
    [event] = client.events_received()
    assert isinstance(event, Frame)
    return event


@given(st.text(max_size=300))
def test_a_client_reads_the_text_that_was_framed(text: str) -> None:
    read = as_a_client_reads_it(text_frame(text))
    assert (read.opcode, read.fin, bytes(read.data).decode()) == (Opcode.TEXT, True, text)
    assert text_of(text_frame(text)) == text


@pytest.mark.parametrize("length", [0, 125, 126, 127, 65_535, 65_536, 70_000])
def test_every_length_has_its_header(length: int) -> None:
    frame = text_frame("x" * length)
    assert len(as_a_client_reads_it(frame).data) == length
    assert text_of(frame) == "x" * length
