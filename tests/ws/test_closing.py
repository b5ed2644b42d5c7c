"""The end of a room."""

from tests.conftest import GiveParty
from tests.process import ServerProcess
from tests.ws.cast import close_room


async def test_a_room_closed_from_elsewhere_ends_for_everybody(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    await close_room(them.room_id)

    for peer in (them.alice, them.bob):
        await peer.expect_error("room_closed")
        assert await peer.closed() == 4410


async def test_commands_behind_the_end_are_told_of_it(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await close_room(them.room_id)

    await them.alice.send("play", position=1)

    await them.alice.expect_error("room_closed")
    assert await them.alice.closed() == 4410
