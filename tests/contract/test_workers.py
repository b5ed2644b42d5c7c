"""`serve --workers 2`: one port, two processes behind it, and nobody notices which one has them."""

import pytest

from tests.conftest import StartServer
from tests.peer import Peer, create_room, join_room

VIEWERS = 8  # so that both workers have some, all but surely


@pytest.mark.servers
async def test_whichever_worker_has_them_all_see_what_the_host_does(
    start_server: StartServer,
) -> None:
    server = start_server(arguments=["--workers", "2"])
    alice = create_room(server)
    host = await Peer.connect(server, alice.room_id)
    await host.take(alice)
    viewers = []
    for number in range(VIEWERS):
        seat = join_room(server, alice.room_id, f"Viewer {number}")
        viewers.append(await Peer.connect(server, alice.room_id))
        await viewers[-1].join(seat.key, protocol=2)

    await host.send("seek", position=42)

    for viewer in viewers:
        assert (await viewer.expect("seek"))["data"]["position"] == 42
    for peer in (host, *viewers):
        await peer.close()
