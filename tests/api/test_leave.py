from __future__ import annotations

from uuid import uuid4

from tests.api.refusals import assert_refused
from tests.conftest import Connect
from tests.peer import Rest, Seat, join_room
from tests.process import ServerProcess


def leave(room_id: str) -> str:
    return f"/api/rooms/{room_id}/leave/"


def test_bob_leaves_and_his_place_is_gone(rest: Rest, server: ServerProcess, alice: Seat) -> None:
    bob = join_room(server, alice.room_id, "Bob")

    answer = rest.delete(leave(alice.room_id), {"user_id": bob.key})

    assert answer.status == 200
    assert answer.body["status"] == "success"
    room = rest.get(f"/api/rooms/{alice.room_id}/").body["room"]
    assert [user["name"] for user in room["users"]] == ["Alice"]


def test_the_key_may_be_in_the_header(rest: Rest, server: ServerProcess, alice: Seat) -> None:
    bob = join_room(server, alice.room_id, "Bob")
    assert rest.delete(leave(alice.room_id), key=bob.key).status == 200


async def test_leaving_closes_all_connections_and_the_others_see_it(
    rest: Rest, server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    watching = await connect(server, alice)
    bob = join_room(server, alice.room_id, "Bob")
    phone, laptop = await connect(server, bob), await connect(server, bob)

    rest.delete(leave(alice.room_id), {"user_id": bob.key})

    await phone.closed()
    await laptop.closed()
    left = await watching.expect("user_left", id=bob.public_id)
    assert left["data"]["user_id"] == bob.public_id
    assert left["data"]["name"] == "Bob"


def test_the_host_is_succeeded(rest: Rest, server: ServerProcess, alice: Seat) -> None:
    bob = join_room(server, alice.room_id, "Bob")

    rest.delete(leave(alice.room_id), {"user_id": alice.key})

    room = rest.get(f"/api/rooms/{alice.room_id}/").body["room"]
    assert room["host_id"] == bob.public_id
    assert [(user["name"], user["is_host"]) for user in room["users"]] == [("Bob", True)]


def test_whoever_left_is_nobody_any_more(rest: Rest, server: ServerProcess, alice: Seat) -> None:
    bob = join_room(server, alice.room_id, "Bob")
    rest.delete(leave(alice.room_id), {"user_id": bob.key})

    answer = rest.delete(leave(alice.room_id), {"user_id": bob.key})

    assert_refused(answer, 401, "unknown_user")


def test_nobody_makes_another_leave_by_the_public_id(rest: Rest, alice: Seat) -> None:
    answer = rest.delete(leave(alice.room_id), {"user_id": alice.public_id})
    assert_refused(answer, 401, "unknown_user")
    assert rest.get(f"/api/rooms/{alice.room_id}/").body["room"]["user_count"] == 1


def test_a_key_is_needed(rest: Rest, alice: Seat) -> None:
    assert_refused(rest.delete(leave(alice.room_id)), 400, "invalid", "user_id")


def test_there_is_no_such_room(rest: Rest, alice: Seat) -> None:
    gone = rest.delete(leave(str(uuid4())), {"user_id": alice.key})
    assert_refused(gone, 404, "room_not_found")
    assert_refused(rest.delete(leave("x"), {"user_id": alice.key}), 404, "room_not_found")
