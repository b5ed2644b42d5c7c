"""Sockets that have not joined yet: what happens at the door."""

from collections.abc import AsyncIterator
from typing import Any, Protocol

import pytest
from websockets.asyncio.client import connect

from tests.peer import PATIENCE, Peer
from tests.process import ServerProcess


class Knock(Protocol):
    async def __call__(
        self, server: ServerProcess, room_id: str, *, address: str | None = None, **wishes: Any
    ) -> Peer: ...


@pytest.fixture
async def knock() -> AsyncIterator[Knock]:
    """Opens a socket at a room, from an `address` if need be; closed at the end of the test."""
    peers: list[Peer] = []

    async def open_socket(
        server: ServerProcess, room_id: str, *, address: str | None = None, **wishes: Any
    ) -> Peer:
        if address is None:
            peer = await Peer.connect(server, room_id, **wishes)
        else:
            peer = await connect_from(address, server, room_id)
        peers.append(peer)
        return peer

    yield open_socket
    for peer in peers:
        await peer.close()


async def connect_from(address: str, server: ServerProcess, room_id: str) -> Peer:
    """Every address of 127.0.0.0/8 is this machine, and each is another client to a server."""
    connection = await connect(
        f"{server.ws_url}/ws/room/{room_id}/",
        local_addr=(address, 0),
        compression=None,
        max_queue=None,
        open_timeout=PATIENCE,
        close_timeout=PATIENCE,
        proxy=None,
    )
    return Peer(connection)
