"""A handshake that is read at a glance says what `websockets` would have read."""

import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.http11 import Request
from websockets.server import ServerProtocol

from syncplay_backend.ws import handshake
from tests.peer import PATIENCE
from tests.process import ServerProcess

PLAIN = (
    b"GET /ws/room/1/?a=%20b HTTP/1.1\r\nhost: localhost\r\nconnection: keep-alive, Upgrade\r\n"
    b"upgrade: websocket\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def in_full(data: bytes) -> Request | None:
    protocol = ServerProtocol()
    protocol.receive_data(data)
    return next((e for e in protocol.events_received() if isinstance(e, Request)), None)


def with_line(line: bytes) -> bytes:
    return PLAIN.removesuffix(b"\r\n") + line + b"\r\n\r\n"


@pytest.mark.parametrize(
    "line",
    [
        b"origin: http://localhost",
        b"x-empty:",
        b"x-spaces: \t a b \t ",
        b"x-name: J\xf6rg \xff",
        b"x-colons: a:b: c",
        b"host: another",
        b"sec-websocket-key: another",
    ],
)
def test_what_is_plain_is_read_as_ever(line: bytes) -> None:
    request = handshake.read(with_line(line))

    assert request is not None
    assert request == in_full(with_line(line))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PLAIN[:-2],
        PLAIN + b"\x81\x80abcd",
        PLAIN.replace(b"GET", b"POST"),
        PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0"),
        PLAIN.replace(b"/ws", b"/\xfc"),
        PLAIN.replace(b"\r\n", b"\n"),
        with_line(b"content-length: 5"),
        with_line(b"transfer-encoding: chunked"),
        with_line(b" folded: x"),
        with_line(b"x-zero: a\x00b"),
        with_line(b"no colon"),
        with_line(b"x-long: " + b"x" * handshake.LONGEST),
        with_line(b"\r\n".join([b"x: y"] * (handshake.MOST_HEADERS + 1))),
    ],
)
def test_what_is_not_is_left_to_who_parses_it_in_full(data: bytes) -> None:
    assert handshake.read(data) is None


@given(st.binary(max_size=40), st.integers(0, len(PLAIN)), st.integers(0, 4))
def test_whatever_comes_it_is_read_the_same_or_not_at_all(
    garbage: bytes, at: int, gone: int
) -> None:
    data = PLAIN[:at] + garbage + PLAIN[at + gone :]
    request = handshake.read(data)

    assert request is None or request == in_full(data)


@pytest.mark.parametrize(
    "line", [b"x: " + b"\t " * 3_900 + b"\x01", b"\r\n".join([b"x:  "] * 1_200) + b"\x00"]
)
def test_nobody_can_make_it_think_for_long(line: bytes) -> None:
    began = time.thread_time()
    assert handshake.read(with_line(line)) is None

    assert time.thread_time() - began < 0.05


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (PLAIN, 101),
        (with_line(b"x-name: J\xf6rg"), 101),
        (with_line(b"content-length: 0"), 101),
        (with_line(b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="), 400),
        (PLAIN.replace(b"dGhl", b"????"), 400),
        (PLAIN.replace(b"sec-websocket-key", b"x-key"), 400),
        (PLAIN.replace(b"version: 13", b"version: 8"), 400),
        (PLAIN.replace(b"GET", b"POST"), 405),
    ],
)
def test_what_a_handshake_must_be_it_must_be_still(
    server: ServerProcess, data: bytes, status: int
) -> None:
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        connection.sendall(data)
        answer = connection.recv(4096)

    assert answer.startswith(b"HTTP/1.1 %d " % status)


def many_headers() -> bytes:
    return with_line(b"\r\n".join([b"x: y"] * 200))


@pytest.mark.parametrize(
    ("data", "answer"),
    [(many_headers(), b"HTTP/1.1 431 "), (with_line(b"content-length: 5") + b"Hello", b"")],
)
def test_what_cannot_be_read_does_not_keep_its_connection(
    server: ServerProcess, data: bytes, answer: bytes
) -> None:
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        connection.sendall(data)
        said = b"".join(iter(lambda: connection.recv(4096), b""))

    assert said.startswith(answer)
    assert answer or not said
