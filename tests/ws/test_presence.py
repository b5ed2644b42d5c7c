"""Who is there, who has gone, and who has given up the place."""

import asyncio

from tests.conftest import Connect, GiveParty
from tests.peer import Peer, Rest, create_room, join_room
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, fresh_key, member, names
from tests.ws.conftest import Knock


def room_of(server: ServerProcess, room_id: str) -> dict[str, object]:
    room: dict[str, object] = Rest(server).get(f"/api/rooms/{room_id}/").body["room"]
    return room


async def test_a_place_taken_over_rest_is_told_as_offline_then_online(
    server: ServerProcess, connect: Connect
) -> None:
    hosting = create_room(server)
    alice = await connect(server, hosting)
    watching = join_room(server, hosting.room_id, "Bob")

    taken = await alice.read()
    assert (taken["type"], taken["userId"]) == ("user_joined", watching.public_id)
    assert taken["data"] == member(watching.room, watching.public_id)
    assert taken["data"]["is_online"] is False

    await connect(server, watching)
    came = await alice.read()
    assert came["type"] == "user_joined"
    assert came["data"] == taken["data"] | {"is_online": True}


async def test_who_comes_in_is_shown_the_room_not_its_own_coming(
    server: ServerProcess, connect: Connect
) -> None:
    alice = await connect(server, create_room(server))

    await alice.nothing_until("heartbeat")
    assert len(alice.frames) == 2  # the room, and the heartbeat


async def test_a_dropped_connection_leaves_its_member_offline(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    await them.bob.abort()

    gone = await them.alice.read()
    assert gone["type"] == "user_offline"
    assert gone["data"] == {"id": them.bob.public_id, "name": "Bob"}
    room = room_of(server, them.room_id)
    assert room["user_count"] == 2
    assert member(room, them.bob.public_id)["is_online"] is False


async def test_who_comes_back_is_the_same_member(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.bob.seat
    await them.bob.close()
    await them.alice.expect("user_offline", id=them.bob.public_id)

    again = await connect(server, them.bob.seat)

    assert names((again.seen("room_update")[0])["data"]) == ["Alice", "Bob"]
    await them.alice.expect("user_joined", id=them.bob.public_id, is_online=True)


async def test_a_host_who_drops_is_still_the_host(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.alice.seat
    await them.alice.abort()
    await them.bob.expect("user_offline", id=them.alice.public_id)
    assert room_of(server, them.room_id)["host_id"] == them.alice.public_id

    alice = await connect(server, them.alice.seat)
    await alice.send("play", position=1)

    await them.bob.expect("play")


async def test_a_second_tab_is_nobody_new(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.bob.seat
    tab = await connect(server, them.bob.seat)
    assert tab.seen("room_update")[0]["data"]["user_count"] == 2

    await tab.close()
    await them.alice.nothing_until("heartbeat")
    await them.bob.close()

    assert (await them.alice.read())["type"] == "user_offline"


async def test_the_first_of_two_tabs_may_close_too(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.alice.seat
    tab = await connect(server, them.alice.seat)
    await them.alice.close()

    await tab.send("play", position=1)

    assert (await them.bob.read())["type"] == "play"
    assert member(room_of(server, them.room_id), tab.public_id)["is_online"] is True


async def test_who_leaves_gives_up_the_place(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)

    await them.bob.send("leave")

    left = await them.alice.read()
    assert left["type"] == "user_left"
    assert left["userId"] == them.bob.public_id
    assert left["data"] == {
        "id": them.bob.public_id,
        "user_id": them.bob.public_id,
        "name": "Bob",
        "reason": "left",
    }
    assert names(room_of(server, them.room_id)) == ["Alice"]
    assert await them.bob.closed() == 1000
    await them.alice.nothing_until("heartbeat")  # leaving is no dropping


async def test_leaving_closes_all_of_a_members_connections(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.bob.seat
    tab = await connect(server, them.bob.seat)

    await tab.send("leave")

    assert await tab.closed() == 1000
    assert await them.bob.closed() == 1000
    await them.alice.nothing_until("user_left")


async def test_a_tab_that_opens_while_its_member_leaves_is_closed_too(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    for _ in range(15):  # the moment is short
        them = await party(server)
        tab = await knock(server, them.room_id)
        await asyncio.gather(ask_to_join(tab, them.bob.key), them.bob.send("leave"))

        first = await tab.read()
        if first["type"] == "error":
            assert first["data"]["code"] == "unknown_user"
        else:
            assert await tab.closed() == 1000


async def test_leaving_over_rest_closes_the_connections_too(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    path = f"/api/rooms/{them.room_id}/leave/"
    assert Rest(server).delete(path, {"user_id": them.bob.key}).status == 200

    assert await them.bob.closed() == 1000
    await them.alice.expect("user_left", id=them.bob.public_id)


async def test_the_key_of_who_left_opens_nothing(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    await them.bob.send("leave")
    await them.bob.closed()

    again = await knock(server, them.room_id)
    again.key = them.bob.key
    await again.send("join")

    await again.expect_error("unknown_user")


async def test_who_left_may_come_again_as_somebody_new(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    await them.bob.send("leave")
    await them.bob.closed()

    room = await (await knock(server, them.room_id)).join(fresh_key(), "Bob")

    assert names(room) == ["Alice", "Bob"]
    assert them.bob.public_id not in [user["id"] for user in room["users"]]


async def test_the_ninth_connection_closes_the_oldest(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.bob.seat
    await until_the_clock_moves(them.bob)
    tabs = [await connect(server, them.bob.seat) for _ in range(8)]

    await them.bob.expect_error("too_many_connections")

    assert await them.bob.closed() == 4409
    for tab in tabs:
        await tab.nothing_until("heartbeat")
    await them.alice.nothing_until("heartbeat")


async def until_the_clock_moves(peer: Peer) -> None:
    """So that the next connection is younger by at least a millisecond."""
    began = at = 0
    while at <= began:
        await peer.send("heartbeat")
        at = (await peer.expect("heartbeat"))["data"]["at"]
        began = began or at


async def test_the_ninth_connection_leaves_other_members_alone(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    for number in range(10):
        guest = await knock(server, them.room_id)
        await guest.join(fresh_key(), f"Guest {number}")

    room = room_of(server, them.room_id)

    assert room["user_count"] == 12
    assert all(user["is_online"] for user in room["users"])  # type: ignore[attr-defined]
