"""A room has a host as long as somebody is there to be one."""

from tests.conftest import Connect, GiveParty
from tests.peer import Rest, create_room, join_room
from tests.process import ServerProcess
from tests.ws.cast import change_member, fresh_key, member
from tests.ws.conftest import Knock


async def test_when_the_host_leaves_who_is_there_longest_follows(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    await charlie.join(fresh_key(), "Charlie")

    await them.alice.send("leave")

    for peer in (them.bob, charlie):
        await peer.expect("user_left", id=them.alice.public_id)
        room = (await peer.expect("room_update"))["data"]
        assert room["host_id"] == them.bob.public_id
        assert member(room, them.bob.public_id)["role"] == "host"
        assert member(room, them.bob.public_id)["is_host"] is True
    await them.bob.send("play", position=1)
    await charlie.expect("play")


async def test_who_is_online_goes_before_who_is_not(
    server: ServerProcess, connect: Connect, knock: Knock
) -> None:
    alice = await connect(server, create_room(server))
    assert alice.seat
    join_room(server, alice.seat.room_id, "Bob")
    charlie = await knock(server, alice.seat.room_id)
    await charlie.join(fresh_key(), "Charlie")

    await alice.send("leave")

    room = (await charlie.expect("room_update"))["data"]
    assert member(room, room["host_id"])["name"] == "Charlie"


async def test_who_was_host_and_comes_back_is_a_plain_member(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    await them.alice.send("leave")
    await them.bob.expect("room_update")

    again = await knock(server, them.room_id)
    room = await again.join(fresh_key(), "Alice")

    assert room["host_id"] == them.bob.public_id
    await again.send("play")
    await again.expect_error("not_allowed")


async def test_a_host_who_stays_away_longer_than_the_grace_is_succeeded(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await them.alice.abort()
    await them.bob.expect("user_offline", id=them.alice.public_id)

    await change_member(them.alice.public_id, away_until=1)

    left = await them.bob.expect("user_left", id=them.alice.public_id)
    assert left["data"]["reason"] == "away"
    assert left["userId"] is None or left["userId"] == them.alice.public_id
    room = (await them.bob.expect("room_update"))["data"]
    assert room["host_id"] == them.bob.public_id
    assert room["user_count"] == 1


async def test_a_viewer_who_stays_away_longer_than_the_grace_loses_the_place(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await them.bob.abort()
    await them.alice.expect("user_offline", id=them.bob.public_id)

    await change_member(them.bob.public_id, away_until=1)

    await them.alice.nothing_until("user_left")


async def test_who_comes_back_within_the_grace_loses_nothing(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.alice.seat
    await them.alice.abort()
    await them.bob.expect("user_offline", id=them.alice.public_id)
    again = await connect(server, them.alice.seat)
    await them.bob.expect("user_joined", id=them.alice.public_id, is_host=True, is_online=True)

    await again.send("play", position=2)

    await them.bob.nothing_until("play")


async def test_an_empty_room_takes_its_next_comer_for_host(
    server: ServerProcess, knock: Knock
) -> None:
    seat = create_room(server)
    path = f"/api/rooms/{seat.room_id}/leave/"
    assert Rest(server).delete(path, {"user_id": seat.key}).status == 200

    charlie = await knock(server, seat.room_id)
    room = await charlie.join(fresh_key(), "Charlie")

    assert member(room, room["host_id"])["name"] == "Charlie"
    await charlie.send("play", position=1)
    await charlie.nothing_until("heartbeat")
