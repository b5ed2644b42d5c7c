"""Two processes command the same hundred rooms, in opposite order: nobody stands in the way."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.conftest import StartServer
from tests.faults.signs import nothing_unhandled
from tests.peer import Frame, Peer, Seat, create_room
from tests.postgres import Postgres
from tests.process import ServerProcess

pytestmark = pytest.mark.servers

ROOMS = 100
ROUNDS = 10
DEADLOCK = "deadlock detected"


@dataclass
class Room:
    """Its host has a socket on each server."""

    seat: Seat
    sockets: list[Peer]


@pytest.fixture
def pair(database: Postgres, start_server: StartServer) -> list[ServerProcess]:
    env = database.environment()
    return [start_server(env=env), start_server(env=env)]


async def test_opposite_orders_do_not_deadlock(
    database: Postgres, pair: list[ServerProcess]
) -> None:
    rooms = await asyncio.gather(*(opened(pair) for _ in range(ROOMS)))
    for _ in range(ROUNDS):
        forwards, backwards = await asyncio.gather(command(rooms, 0), command(rooms[::-1], 1))
        assert [answer["type"] for answer in forwards + backwards] == ["ack"] * 2 * ROOMS
    await asyncio.gather(*(peer.close() for room in rooms for peer in room.sockets))
    assert DEADLOCK not in database.log.read_text()
    for server in pair:
        nothing_unhandled(server)


async def opened(pair: list[ServerProcess]) -> Room:
    seat = await asyncio.to_thread(create_room, pair[0])
    sockets = [await Peer.connect(server, seat.room_id) for server in pair]
    for socket in sockets:
        await socket.join(seat.key, protocol=2)
    return Room(seat, sockets)


async def command(rooms: Iterable[Room], which: int) -> list[Frame]:
    """In every room, all on their way at once; the answers."""
    asked = {}
    for number, room in enumerate(rooms):
        id = str(uuid4())
        await room.sockets[which].send("seek", position=number, command_id=id)
        asked[id] = room.sockets[which]
    return [await answer_to(id, socket) for id, socket in asked.items()]


async def answer_to(id: str, socket: Peer) -> Frame:
    while True:
        frame = await socket.read()
        if frame["type"] in {"ack", "error"} and frame["data"].get("ref") == id:
            return frame
