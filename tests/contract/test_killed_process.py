"""A server process is killed, as a crash or a lost machine would: nobody can say goodbye.

The others learn of it when the leases of its connections run out. That takes as long as a lease,
and a survivor must itself have been up for one before it judges: so this is the slowest test.
"""

import asyncio

import pytest

from syncplay_backend.domain.limits import LEASE
from tests.conftest import Connect, StartServer
from tests.peer import PATIENCE, Frame, Peer, Rest, create_room, join_room
from tests.process import ServerProcess

# A lease, and the pause before a young server's first renewal.
LONGEST = LEASE / 1000 + 10 + PATIENCE


@pytest.mark.timeout(LONGEST + 60)
async def test_members_of_a_killed_process_come_back_or_go_offline(
    two_servers: tuple[ServerProcess, ServerProcess], start_server: StartServer, connect: Connect
) -> None:
    survivor, doomed = two_servers[0], start_server()
    hosting = create_room(doomed)
    watching = join_room(survivor, hosting.room_id, "Bob")
    third = join_room(doomed, hosting.room_id, "Charlie")
    alice, bob = await connect(doomed, hosting), await connect(survivor, watching)
    charlie = await connect(doomed, third)
    await bob.expect("user_joined", id=third.public_id, is_online=True)

    doomed.kill()
    for cut_off in (alice, charlie):
        assert await cut_off.closed() == 1006

    again = await connect(survivor, hosting)  # the same key, on the other server
    room = again.seen("room_update")[0]["data"]
    assert (room["user_count"], room["host_id"]) == (3, hosting.public_id)
    await again.send("play", position=1)
    await bob.nothing_until("play")

    gone = await eventually(bob, "user_offline")
    assert gone["data"] == {"id": third.public_id, "name": "Charlie"}
    await again.send("pause", position=2)
    await bob.nothing_until("pause")  # Alice is not taken for gone with her old connection
    assert online(survivor, hosting.room_id) == {"Alice": True, "Bob": True, "Charlie": False}


async def eventually(peer: Peer, kind: str) -> Frame:
    """The next frame, which may take longer to come than peers have patience for."""
    async with asyncio.timeout(LONGEST):
        frame = await peer.read()
    assert frame["type"] == kind, frame
    return frame


def online(server: ServerProcess, room_id: str) -> dict[str, bool]:
    room = Rest(server).get(f"/api/rooms/{room_id}/").body["room"]
    return {user["name"]: user["is_online"] for user in room["users"]}
