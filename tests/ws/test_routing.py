"""Which socket a path leads to."""

import contextlib
import http.client

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.peer import Peer, Rest, create_room, handshake_status
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, fresh_key
from tests.ws.conftest import Knock


async def test_the_address_that_rest_answers_is_a_socket(server: ServerProcess) -> None:
    seat = create_room(server)
    assert seat.websocket_url == f"{server.ws_url}/ws/room/{seat.room_id}/"

    async with connect(seat.websocket_url, proxy=None) as connection:
        room = await Peer(connection).join(seat.key, "Alice")

    assert room["id"] == seat.room_id


async def test_the_case_of_a_room_id_does_not_matter(server: ServerProcess, knock: Knock) -> None:
    seat = create_room(server)
    peer = await knock(server, seat.room_id.upper())

    assert (await peer.join(seat.key))["id"] == seat.room_id


@pytest.mark.parametrize("room_id", ["no-uuid", "550e8400", "%00", "ü", "../admin", "x" * 3000])
async def test_what_is_no_uuid_is_no_room(
    server: ServerProcess, knock: Knock, room_id: str
) -> None:
    peer = await knock(server, room_id)
    await peer.expect_error("room_not_found")

    assert await peer.closed() == 4404


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/room/", "/ws/rooms/{room}/", "/api/rooms/"])
async def test_other_paths_lead_nowhere(server: ServerProcess, path: str) -> None:
    url = f"{server.ws_url}{path.format(room=create_room(server).room_id)}"
    async with connect(url, proxy=None) as connection:
        peer = Peer(connection)
        await peer.expect_error("room_not_found")

        assert await peer.closed() == 4404


async def test_what_nowhere_says_is_not_heard(server: ServerProcess, knock: Knock) -> None:
    peer = await knock(server, "no-uuid")
    with contextlib.suppress(ConnectionClosed):
        await ask_to_join(peer, fresh_key(), "Charlie")
        await peer.raw(b"\x00")

    assert await peer.closed() == 4404


def test_the_socket_is_no_page(server: ServerProcess) -> None:
    answer = Rest(server).get(f"/ws/room/{create_room(server).room_id}/")

    assert answer.status == http.client.NOT_FOUND


async def test_a_query_is_ignored(server: ServerProcess) -> None:
    seat = create_room(server)
    async with connect(f"{seat.websocket_url}?token=1", proxy=None) as connection:
        assert (await Peer(connection).join(seat.key))["id"] == seat.room_id


async def test_a_room_is_open_to_a_handshake_without_an_origin(server: ServerProcess) -> None:
    assert await handshake_status(server, create_room(server).room_id) == 101
