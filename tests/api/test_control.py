from __future__ import annotations

import time
from uuid import uuid4

import pytest

from tests.api.refusals import assert_refused
from tests.conftest import Connect
from tests.peer import PATIENCE, Answer, Rest, Seat, create_room, join_room
from tests.process import ServerProcess


def control(server: ServerProcess, seat: Seat, action: str, **body: object) -> Answer:
    wish = {"user_id": seat.key, "action": action} | body
    return Rest(server).post(f"/api/rooms/{seat.room_id}/control/", wish)


def test_the_example_of_the_contract(rest: Rest, alice: Seat) -> None:
    answer = rest.post(
        f"/api/rooms/{alice.room_id}/control/",
        {"user_id": alice.key, "action": "play", "position": 120},
    )

    assert answer.status == 200
    assert answer.body["status"] == "success"
    assert answer.body["room"]["is_playing"] is True
    assert 120 <= answer.body["room"]["current_position"] < 130


def test_pause_stops_where_it_says(server: ServerProcess, alice: Seat) -> None:
    control(server, alice, "play", position=10)
    room = control(server, alice, "pause", position=12.345).body["room"]

    assert (room["current_position"], room["is_playing"]) == (12.345, False)


def test_seek_neither_starts_nor_stops(server: ServerProcess, alice: Seat) -> None:
    paused = control(server, alice, "seek", position=90).body["room"]
    control(server, alice, "play")
    playing = control(server, alice, "seek", position=30).body["room"]

    assert (paused["current_position"], paused["is_playing"]) == (90, False)
    assert playing["is_playing"] is True
    assert 30 <= playing["current_position"] < 40


def test_without_a_position_the_room_goes_on_where_it_stands(
    server: ServerProcess, alice: Seat
) -> None:
    control(server, alice, "seek", position=75)
    playing = control(server, alice, "play").body["room"]
    paused = control(server, alice, "pause").body["room"]

    assert 75 <= playing["current_position"] <= paused["current_position"] < 85
    assert paused["is_playing"] is False


def test_a_seek_needs_a_position(server: ServerProcess, alice: Seat) -> None:
    assert_refused(control(server, alice, "seek"), 400, "invalid", "position")


def test_the_position_goes_on_while_playing(server: ServerProcess, rest: Rest, alice: Seat) -> None:
    first = control(server, alice, "play", position=10).body["room"]
    deadline = time.monotonic() + PATIENCE
    later = first
    while later["server_time"] < first["position_at"] + 50 and time.monotonic() < deadline:
        later = rest.get(f"/api/rooms/{alice.room_id}/").body["room"]

    moved = later["current_position"] - first["current_position"]
    assert moved == pytest.approx((later["server_time"] - first["position_at"]) / 1000, abs=0.002)
    assert moved > 0


@pytest.mark.parametrize(
    "position", ["120", True, -1, -0.001, [], {}, 1e12, "1e3", "NaN"], ids=repr
)
def test_a_position_is_a_number_and_nothing_else(
    server: ServerProcess, alice: Seat, position: object
) -> None:
    assert_refused(control(server, alice, "play", position=position), 400, "invalid", "position")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(rest: Rest, alice: Seat, number: str) -> None:
    raw = f'{{"user_id": "{alice.key}", "action": "play", "position": {number}}}'
    answer = rest.post(f"/api/rooms/{alice.room_id}/control/", raw)

    assert (answer.status, answer.body["code"]) == (400, "invalid")
    assert rest.get(f"/api/rooms/{alice.room_id}/").body["room"]["is_playing"] is False


@pytest.mark.parametrize("action", ["stop", "PLAY", "", 1, None, True])
def test_an_action_is_play_pause_or_seek(rest: Rest, alice: Seat, action: object) -> None:
    body = {"user_id": alice.key, "action": action, "position": 1}
    answer = rest.post(f"/api/rooms/{alice.room_id}/control/", body)
    assert_refused(answer, 400, "invalid", "action")


@pytest.mark.parametrize("action", ["play", "pause", "seek"])
def test_bob_may_not_control_the_room(server: ServerProcess, alice: Seat, action: str) -> None:
    bob = join_room(server, alice.room_id, "Bob")
    assert_refused(control(server, bob, action, position=1), 403, "not_allowed")


def test_bob_may_where_everybody_may(server: ServerProcess) -> None:
    alice = create_room(server, settings={"control": "everyone"})
    bob = join_room(server, alice.room_id, "Bob")

    assert control(server, bob, "play", position=1).status == 200


def test_a_key_is_of_one_room(rest: Rest, server: ServerProcess, alice: Seat) -> None:
    elsewhere = create_room(server, user_name="Charlie")
    answer = rest.post(
        f"/api/rooms/{alice.room_id}/control/", {"user_id": elsewhere.key, "action": "play"}
    )
    assert_refused(answer, 401, "unknown_user")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_there_is_no_such_room(rest: Rest, alice: Seat) -> None:
    body = {"user_id": alice.key, "action": "play"}
    for room_id in (uuid4(), "x", "550e8400"):
        answer = rest.post(f"/api/rooms/{room_id}/control/", body)
        assert_refused(answer, 404, "room_not_found")


async def test_everybody_in_the_room_sees_it_the_host_too(
    server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    hosting = await connect(server, alice)
    watching = await connect(server, join_room(server, alice.room_id, "Bob"))

    room = control(server, alice, "seek", position=42).body["room"]

    for peer in (hosting, watching):
        sought = await peer.expect("seek", position=42)
        assert sought["userId"] == alice.public_id
        assert sought["seq"] == room["seq"]
        assert sought["data"]["isPlaying"] is False


def test_the_answer_shows_everybody(server: ServerProcess, alice: Seat) -> None:
    join_room(server, alice.room_id, "Bob")
    room = control(server, alice, "play").body["room"]

    assert [user["name"] for user in room["users"]] == ["Alice", "Bob"]
