"""Browsers break a handshake off when they offered subprotocols and none was chosen."""

import pytest

from tests.peer import create_room
from tests.process import ServerProcess
from tests.ws.cast import fresh_key
from tests.ws.conftest import Knock

NO_ROOM = "550e8400-e29b-41d4-a716-446655440000"


@pytest.mark.parametrize("offered", [["json"], ["syncplay.v2", "json"], ["x", "y", "z"]])
async def test_the_first_one_offered_is_chosen(
    any_server: ServerProcess, knock: Knock, offered: list[str]
) -> None:
    peer = await knock(any_server, create_room(any_server).room_id, subprotocols=offered)

    assert peer.subprotocol == offered[0]
    await peer.join(fresh_key(), "Charlie")


async def test_none_offered_none_chosen(any_server: ServerProcess, knock: Knock) -> None:
    peer = await knock(any_server, create_room(any_server).room_id)

    assert peer.subprotocol is None


@pytest.mark.parametrize("room_id", [NO_ROOM, "no-uuid", "a/b"])
async def test_who_is_turned_away_is_told_so_in_a_subprotocol_too(
    server: ServerProcess, knock: Knock, room_id: str
) -> None:
    peer = await knock(server, room_id, subprotocols=["json"])

    assert peer.subprotocol == "json"
    assert await peer.closed() == 4404
