from __future__ import annotations

import json
import socket

import pytest

from syncplay_backend.domain.limits import FRAME_BYTES
from tests.api.refusals import assert_refused
from tests.peer import PATIENCE, Rest
from tests.process import ServerProcess

CREATE = "/api/rooms/create/"


def wish(size: int) -> bytes:
    """A wish for a room, of exactly so many bytes."""
    body = json.dumps({"room_name": "Movie Night", "user_name": "Alice", "padding": ""}).encode()
    return body[:-2] + b"x" * (size - len(body)) + body[-2:]


def chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 8192] for start in range(0, len(body), 8192)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def send_raw(server: ServerProcess, headers: str, body: bytes) -> str:
    """The first line of the answer to a request that is sent as it is, and perhaps never ends."""
    with socket.create_connection((server.host, server.port), PATIENCE) as connection:
        head = f"POST {CREATE} HTTP/1.1\r\nHost: {server.host}\r\n{headers}\r\n\r\n"
        connection.sendall(head.encode() + body)
        return connection.makefile().readline().strip()


def test_a_body_may_have_64_kib(rest: Rest) -> None:
    assert rest.post(CREATE, wish(FRAME_BYTES)).status == 201


def test_a_byte_more_is_too_large(rest: Rest) -> None:
    assert_refused(rest.post(CREATE, wish(FRAME_BYTES + 1)), 413, "too_large")


def test_what_is_announced_too_large_is_refused_before_it_is_sent(server: ServerProcess) -> None:
    assert " 413 " in send_raw(server, f"Content-Length: {10**12}", b"")


def test_a_chunked_body_is_read(server: ServerProcess) -> None:
    headers = "Content-Type: application/json\r\nTransfer-Encoding: chunked"
    assert " 201 " in send_raw(server, headers, chunked(wish(FRAME_BYTES)) + b"0\r\n\r\n")


def test_a_chunked_body_is_refused_as_soon_as_it_is_too_large(server: ServerProcess) -> None:
    headers = "Content-Type: application/json\r\nTransfer-Encoding: chunked"
    never_ending = chunked(wish(FRAME_BYTES + 1))
    assert " 413 " in send_raw(server, headers, never_ending)


@pytest.mark.parametrize("path", ["/api/nothing/", "/admin/login/", "/"])
def test_it_holds_for_every_path(rest: Rest, path: str) -> None:
    assert_refused(rest.post(path, b"x" * (FRAME_BYTES + 1)), 413, "too_large")


def test_every_server_refuses_in_the_words_of_the_api(any_server: ServerProcess) -> None:
    rest = Rest(any_server)

    assert_refused(rest.post(CREATE, wish(FRAME_BYTES + 1)), 413, "too_large")
    assert_refused(rest.post(CREATE, b"{"), 400, "invalid")
    assert_refused(rest.post("/api/rooms", b"{}"), 404, "not_found")
    assert_refused(rest.ask("PUT", CREATE, b"{}"), 405, "method_not_allowed")
    assert rest.post(CREATE, wish(FRAME_BYTES)).status == 201
