"""Every way into a room, and every way to be refused."""

import asyncio
import contextlib
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed

from tests.conftest import Connect, GiveParty
from tests.peer import Peer, create_room, join_room
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, close_room, fresh_key, member, named, names
from tests.ws.conftest import Knock


async def test_the_key_from_rest_opens_the_place(server: ServerProcess, knock: Knock) -> None:
    seat = create_room(server)
    alice = await knock(server, seat.room_id)

    room = await alice.join(seat.key, "Alice")

    assert room["id"] == seat.room_id
    assert room["host_id"] == seat.public_id
    assert member(room, seat.public_id) == {
        "id": seat.public_id,
        "name": "Alice",
        "is_host": True,
        "is_online": True,
        "joined_at": seat.room["users"][0]["joined_at"],
        "role": "host",
    }


async def test_the_key_alone_is_enough(server: ServerProcess, knock: Knock) -> None:
    seat = create_room(server)
    alice = await knock(server, seat.room_id)

    room = await alice.join(seat.key)

    assert names(room) == ["Alice"]


async def test_a_known_member_keeps_the_name_it_has(server: ServerProcess, knock: Knock) -> None:
    seat = create_room(server)
    alice = await knock(server, seat.room_id)

    room = await alice.join(seat.key, "Somebody Else")

    assert names(room) == ["Alice"]


async def test_a_fresh_key_and_a_name_make_a_member(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    key = fresh_key()

    room = await charlie.join(key, "Charlie")

    joined = await them.alice.expect("user_joined", name="Charlie")
    assert joined["data"] == named(room, "Charlie")
    assert joined["data"]["is_online"]
    assert joined["data"]["role"] == "member"
    assert joined["data"]["id"] != key


async def test_a_fresh_key_comes_back_as_the_same_member(
    server: ServerProcess, knock: Knock
) -> None:
    room_id, key = create_room(server).room_id, fresh_key()
    first, second = await knock(server, room_id), await knock(server, room_id)
    room = await first.join(key, "Charlie")

    again = await second.join(key)

    assert named(again, "Charlie") == named(room, "Charlie")
    assert again["user_count"] == room["user_count"] == 2


async def test_one_key_in_two_rooms_is_two_members(server: ServerProcess, knock: Knock) -> None:
    key = fresh_key()
    ids = set()
    for room_id in (create_room(server).room_id, create_room(server).room_id):
        charlie = await knock(server, room_id)
        ids.add(named(await charlie.join(key, "Charlie"), "Charlie")["id"])

    assert len(ids) == 2


async def test_an_unknown_key_needs_a_name(server: ServerProcess, knock: Knock) -> None:
    charlie = await knock(server, create_room(server).room_id)

    await ask_to_join(charlie, fresh_key())

    await charlie.expect_error("unknown_user")
    await charlie.join(fresh_key(), "Charlie")  # the socket is still good


async def test_a_public_id_is_no_key(server: ServerProcess, party: GiveParty, knock: Knock) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    for name in ("Alice", "Charlie", None):
        await ask_to_join(charlie, them.alice.public_id, name)
        await charlie.expect_error("invalid")

    await charlie.send("pause")
    await charlie.expect_error("not_joined")


@pytest.mark.parametrize(
    "key",
    [
        str(UUID(int=0)),
        str(UUID(int=2**128 - 1)),
        "me",
        "",
        7,
        "550e8400e29b41d4a716446655440000",
        "{550e8400-e29b-41d4-a716-446655440000}",
        ["550e8400-e29b-41d4-a716-446655440000"],
    ],
)
async def test_what_is_no_random_uuid_is_no_key(
    server: ServerProcess, knock: Knock, key: object
) -> None:
    charlie = await knock(server, create_room(server).room_id)

    await ask_to_join(charlie, key, "Charlie")  # type: ignore[arg-type]

    refusal = await charlie.expect_error("invalid")
    assert list(refusal["data"]["errors"]) == ["userId"]


async def test_a_join_without_a_key_is_refused(server: ServerProcess, knock: Knock) -> None:
    charlie = await knock(server, create_room(server).room_id)

    await ask_to_join(charlie, None, "Charlie")

    refusal = await charlie.expect_error("invalid")
    assert "userId" in refusal["data"]["errors"]


@pytest.mark.parametrize("name", ["Alice", "alice", " ALICE ", "\uff21lice"])
async def test_a_name_is_taken_once(
    server: ServerProcess, party: GiveParty, knock: Knock, name: str
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)

    await ask_to_join(charlie, fresh_key(), name)

    await charlie.expect_error("name_taken")
    room = await charlie.join(fresh_key(), "Charlie")
    assert room["user_count"] == 3


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\u0000b", "\u202ebob", 7, ["Bob"]])
async def test_a_name_is_a_text_that_can_be_seen(
    server: ServerProcess, knock: Knock, name: object
) -> None:
    charlie = await knock(server, create_room(server).room_id)

    await ask_to_join(charlie, fresh_key(), name)  # type: ignore[arg-type]

    refusal = await charlie.expect_error("invalid")
    assert list(refusal["data"]["errors"]) == ["userName"]


async def test_two_at_once_with_one_name_are_not_both_let_in(
    server: ServerProcess, knock: Knock
) -> None:
    room_id = create_room(server).room_id
    them = [await knock(server, room_id) for _ in range(4)]
    await asyncio.gather(*(ask_to_join(peer, fresh_key(), "Charlie") for peer in them))

    answers = [await first_answer(peer) for peer in them]

    assert sorted(answers) == ["name_taken", "name_taken", "name_taken", "room_update"]


async def first_answer(peer: Peer) -> str:
    frame = await peer.read()
    return str(frame["data"]["code"] if frame["type"] == "error" else frame["type"])


async def test_a_password_keeps_strangers_out(server: ServerProcess, knock: Knock) -> None:
    seat = create_room(server, password="open sesame")
    charlie = await knock(server, seat.room_id)
    for wrong in ({}, {"password": "sesame"}, {"password": "Open Sesame"}):
        await ask_to_join(charlie, fresh_key(), "Charlie", **wrong)
        await charlie.expect_error("wrong_password")

    room = await charlie.join(fresh_key(), "Charlie", "open sesame")

    assert names(room) == ["Alice", "Charlie"]


async def test_who_has_a_place_needs_no_password(server: ServerProcess, connect: Connect) -> None:
    hosting = create_room(server, password="open sesame")
    watching = join_room(server, hosting.room_id, "Bob", password="open sesame")

    await connect(server, hosting)
    await connect(server, watching)


async def test_a_password_for_a_room_without_one_does_no_harm(
    server: ServerProcess, knock: Knock
) -> None:
    charlie = await knock(server, create_room(server).room_id)

    room = await charlie.join(fresh_key(), "Charlie", "anything")

    assert names(room) == ["Alice", "Charlie"]


async def test_a_private_room_takes_in_who_was_given_its_link(
    server: ServerProcess, knock: Knock
) -> None:
    charlie = await knock(server, create_room(server, visibility="private").room_id)

    room = await charlie.join(fresh_key(), "Charlie")

    assert room["visibility"] == "private"


async def test_a_room_that_is_not_there_is_said_at_once(
    server: ServerProcess, knock: Knock
) -> None:
    charlie = await knock(server, fresh_key())

    await charlie.expect_error("room_not_found")

    assert await charlie.closed() == 4404


async def test_a_join_into_a_room_that_is_not_there(server: ServerProcess, knock: Knock) -> None:
    charlie = await knock(server, fresh_key())
    with contextlib.suppress(ConnectionClosed):  # the server may be quicker
        await ask_to_join(charlie, fresh_key(), "Charlie")

    assert await charlie.closed() == 4404
    assert [error["data"]["code"] for error in charlie.seen("error")] == ["room_not_found"]


async def test_a_closed_room_lets_nobody_in(server: ServerProcess, knock: Knock) -> None:
    seat = create_room(server)
    await close_room(seat.room_id)
    for key, name in ((seat.key, "Alice"), (fresh_key(), "Charlie")):
        peer = await knock(server, seat.room_id)
        await ask_to_join(peer, key, name)

        await peer.expect_error("room_closed")

        assert await peer.closed() == 4410
