from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.api.refusals import assert_refused
from tests.conftest import Connect
from tests.peer import Answer, Rest, Seat, create_room, join_room
from tests.process import ServerProcess

JOIN = "/api/rooms/join/"


def test_bob_joins_and_is_a_plain_member(rest: Rest, server: ServerProcess, alice: Seat) -> None:
    answer = rest.post(JOIN, {"room_id": alice.room_id, "user_name": "Bob"})

    assert answer.status == 200
    assert answer.body.keys() == {"status", "message", "room", "user", "websocket_url"}
    user = answer.body["user"]
    assert (user["name"], user["is_host"], user["role"]) == ("Bob", False, "member")
    assert user["public_id"] != user["id"]
    assert answer.body["websocket_url"] == f"{server.ws_url}/ws/room/{alice.room_id}/"
    assert answer.body["room"]["host_id"] == alice.public_id
    assert [u["name"] for u in answer.body["room"]["users"]] == ["Alice", "Bob"]
    assert answer.body["room"]["user_count"] == 2


async def test_who_is_in_the_room_sees_bob_come(
    server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    watching = await connect(server, alice)
    bob = join_room(server, alice.room_id, "Bob")

    joined = await watching.expect("user_joined", id=bob.public_id)
    assert joined["data"]["is_online"] is False


@pytest.mark.parametrize(
    "name", ["Alice", "alice", " ALICE ", "\uff21lice", "Al\u00adice", "A\u200blice"]
)
def test_a_name_is_taken_once_in_a_room(rest: Rest, alice: Seat, name: str) -> None:
    answer = rest.post(JOIN, {"room_id": alice.room_id, "user_name": name})
    assert_refused(answer, 409, "name_taken", "user_name")


def test_the_same_name_is_free_in_another_room(server: ServerProcess, alice: Seat) -> None:
    other = create_room(server, user_name="Charlie")
    assert join_room(server, other.room_id, "Alice").name == "Alice"


def test_a_name_is_free_again_when_its_owner_has_left(
    rest: Rest, server: ServerProcess, alice: Seat
) -> None:
    bob = join_room(server, alice.room_id, "Bob")
    rest.delete(f"/api/rooms/{alice.room_id}/leave/", {"user_id": bob.key})

    assert join_room(server, alice.room_id, "Bob").public_id != bob.public_id


def test_two_at_once_under_one_name_and_exactly_one_wins(
    server: ServerProcess, alice: Seat
) -> None:
    def join(_: int) -> Answer:
        return Rest(server).post(JOIN, {"room_id": alice.room_id, "user_name": "Bob"})

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(join, range(8)))

    assert sorted(answer.status for answer in answers) == [200] + [409] * 7
    room = Rest(server).get(f"/api/rooms/{alice.room_id}/").body["room"]
    assert [user["name"] for user in room["users"]] == ["Alice", "Bob"]


def test_many_at_once_under_their_own_names_all_come_in(server: ServerProcess, alice: Seat) -> None:
    with ThreadPoolExecutor(8) as crowd:
        seats = list(crowd.map(lambda n: join_room(server, alice.room_id, f"Bob {n}"), range(8)))

    assert len({seat.public_id for seat in seats}) == 8


def test_there_is_no_such_room(rest: Rest) -> None:
    answer = rest.post(JOIN, {"room_id": str(uuid4()), "user_name": "Bob"})
    assert_refused(answer, 404, "room_not_found")


@pytest.mark.parametrize("room_id", ["", "movie-night", 7, "../admin/"])
def test_a_room_id_that_is_none_is_a_wrong_field(rest: Rest, room_id: object) -> None:
    answer = rest.post(JOIN, {"room_id": room_id, "user_name": "Bob"})
    assert_refused(answer, 400, "invalid", "room_id")


def test_what_is_missing_is_named(rest: Rest) -> None:
    assert_refused(rest.post(JOIN, {}), 400, "invalid", "room_id", "user_name")
    assert_refused(rest.post(JOIN), 400, "invalid", "room_id", "user_name")


@pytest.mark.parametrize("guess", [{}, {"password": "let me in"}])
def test_charlie_does_not_come_in_without_the_password(
    rest: Rest, server: ServerProcess, guess: dict[str, str]
) -> None:
    alice = create_room(server, password="open sesame")
    answer = rest.post(JOIN, {"room_id": alice.room_id, "user_name": "Charlie"} | guess)
    assert_refused(answer, 403, "wrong_password")


def test_a_password_that_nobody_asked_for_does_no_harm(server: ServerProcess, alice: Seat) -> None:
    assert join_room(server, alice.room_id, "Bob", password="open sesame").name == "Bob"


def test_whoever_has_the_link_comes_into_a_private_room(server: ServerProcess) -> None:
    alice = create_room(server, visibility="private")
    assert join_room(server, alice.room_id, "Bob").name == "Bob"
