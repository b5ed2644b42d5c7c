"""Every command of the socket, over REST."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.api.refusals import assert_refused
from tests.conftest import Connect
from tests.peer import Answer, Rest, Seat, create_room, join_room
from tests.process import ServerProcess


def command(
    server: ServerProcess, seat: Seat, type: object, data: object = None, **more: Any
) -> Answer:
    wish = {"user_id": seat.key, "type": type, "data": data} | more
    return Rest(server).post(f"/api/rooms/{seat.room_id}/commands/", wish)


@pytest.mark.parametrize(
    ("type", "data", "changed"),
    [
        ("play", {"position": 10}, {"is_playing": True}),
        ("play", {}, {"is_playing": True}),
        ("pause", {"position": 7.5}, {"current_position": 7.5, "is_playing": False}),
        ("seek", {"position": 90}, {"current_position": 90}),
        ("rate", {"rate": 1.5}, {"playback_rate": 1.5}),
        (
            "video_changed",
            {"videoUrl": "https://example.com/v.mp4", "videoTitle": "V"},
            {"current_video_url": "https://example.com/v.mp4", "current_video_title": "V"},
        ),
        ("settings", {"wait": "host"}, {"settings": {"control": "host", "wait": "host"}}),
        ("chat", {"text": "Hello"}, {}),
        ("reaction", {"emoji": "!"}, {}),
    ],
)
def test_every_command_of_the_socket_is_taken(
    server: ServerProcess, alice: Seat, type: str, data: dict[str, Any], changed: dict[str, Any]
) -> None:
    answer = command(server, alice, type, data)

    assert answer.status == 200, answer.body
    assert answer.body.keys() == {"status", "seq", "room"}
    assert answer.body["seq"] == answer.body["room"]["seq"] == alice.room["seq"] + 1
    assert {name: answer.body["room"][name] for name in changed} == changed


def test_one_may_leave(server: ServerProcess, alice: Seat) -> None:
    bob = join_room(server, alice.room_id, "Bob")

    answer = command(server, bob, "leave")

    assert answer.status == 200
    assert [user["name"] for user in answer.body["room"]["users"]] == ["Alice"]
    assert_refused(command(server, bob, "leave"), 401, "unknown_user")


@pytest.mark.parametrize("type", ["join", "heartbeat", "time", "status", "typing"])
def test_what_is_no_command_is_for_the_socket_only(
    server: ServerProcess, alice: Seat, type: str
) -> None:
    data = {"t0": 1, "state": "ready", "typing": True}
    assert_refused(command(server, alice, type, data), 400, "invalid")


@pytest.mark.parametrize("type", ["ack", "room_update", "", "PLAY", "queue", "x" * 32])
def test_there_is_no_such_type(server: ServerProcess, alice: Seat, type: str) -> None:
    assert_refused(command(server, alice, type), 400, "invalid")


@pytest.mark.parametrize("type", [None, 7, True, "x" * 33])
def test_a_type_is_a_word(server: ServerProcess, alice: Seat, type: object) -> None:
    assert_refused(command(server, alice, type), 400, "invalid", "type")


@pytest.mark.parametrize("data", [[], "play", 7, True])
def test_data_is_an_object(server: ServerProcess, alice: Seat, data: object) -> None:
    assert_refused(command(server, alice, "play", data), 400, "invalid", "data")


@pytest.mark.parametrize(
    ("type", "data", "field"),
    [
        ("seek", {}, "position"),
        ("seek", {"position": "5"}, "position"),
        ("rate", {"rate": 9}, "rate"),
        ("chat", {"text": " "}, "text"),
        ("video_changed", {"videoUrl": "javascript:alert(1)"}, "videoUrl"),
        ("settings", {"wait": "maybe"}, "wait"),
    ],
)
def test_a_wrong_field_is_named_as_on_the_wire(
    server: ServerProcess, alice: Seat, type: str, data: dict[str, Any], field: str
) -> None:
    assert_refused(command(server, alice, type, data), 400, "invalid", field)


def test_a_viewer_is_refused(server: ServerProcess, alice: Seat) -> None:
    bob = join_room(server, alice.room_id, "Bob")

    assert_refused(command(server, bob, "seek", {"position": 5}), 403, "not_allowed")
    assert command(server, bob, "chat", {"text": "Hi"}).status == 200


def test_a_stranger_is_unknown(server: ServerProcess, alice: Seat) -> None:
    wish = {"user_id": str(uuid4()), "type": "chat", "data": {"text": "Hi"}}
    path = f"/api/rooms/{alice.room_id}/commands/"

    assert_refused(Rest(server).post(path, wish), 401, "unknown_user")
    public = wish | {"user_id": alice.public_id}
    assert_refused(Rest(server).post(path, public), 401, "unknown_user")


def test_the_key_may_stand_in_the_header(server: ServerProcess, rest: Rest, alice: Seat) -> None:
    wish = {"type": "seek", "data": {"position": 5}}
    path = f"/api/rooms/{alice.room_id}/commands/"

    assert rest.post(path, wish, key=alice.key).status == 200


def test_there_is_no_such_room(rest: Rest, alice: Seat) -> None:
    wish = {"user_id": alice.key, "type": "play"}
    assert_refused(rest.post(f"/api/rooms/{uuid4()}/commands/", wish), 404, "room_not_found")
    assert_refused(rest.get(f"/api/rooms/{alice.room_id}/commands/"), 405, "method_not_allowed")


class TestOnce:
    def test_with_an_id_it_is_done_once(self, server: ServerProcess, alice: Seat) -> None:
        seqs = {
            command(server, alice, "seek", {"position": 5}, id="once").body["seq"] for _ in range(3)
        }
        latest = command(server, alice, "seek", {"position": 6}).body

        assert seqs == {alice.room["seq"] + 1}
        assert latest["seq"] == alice.room["seq"] + 2

    def test_another_command_of_that_id_is_a_conflict(
        self, server: ServerProcess, alice: Seat
    ) -> None:
        command(server, alice, "seek", {"position": 5}, id="once")

        other = command(server, alice, "seek", {"position": 6}, id="once")
        assert_refused(other, 409, "conflict")

    def test_the_history_tells_of_which_command_an_event_came(
        self, server: ServerProcess, rest: Rest, alice: Seat
    ) -> None:
        command(server, alice, "seek", {"position": 5}, id="mine")

        kept = rest.get(f"/api/rooms/{alice.room_id}/messages/?type=seek").body["messages"]
        assert kept[0]["data"]["ref"] == "mine"

    @pytest.mark.parametrize("id", ["", "x" * 65, 7])
    def test_what_is_no_id_is_refused(self, server: ServerProcess, alice: Seat, id: object) -> None:
        assert_refused(command(server, alice, "play", id=id), 400, "invalid", "id")


class TestExpecting:
    def test_a_room_that_is_as_it_was_obeys(self, server: ServerProcess, alice: Seat) -> None:
        seq = command(server, alice, "seek", {"position": 5}).body["seq"]
        expecting = {"position": 6, "expect": {"seq": seq}}

        assert command(server, alice, "seek", expecting).status == 200
        assert_refused(command(server, alice, "seek", expecting), 409, "conflict")


async def test_everybody_sees_it(server: ServerProcess, alice: Seat, connect: Connect) -> None:
    bob = await connect(server, join_room(server, alice.room_id, "Bob"))
    command(server, alice, "seek", {"position": 5})

    assert (await bob.expect("seek", position=5))["userId"] == alice.public_id


def test_what_changes_nothing_is_answered_with_the_present_seq(
    server: ServerProcess, alice: Seat
) -> None:
    assert command(server, alice, "pause").body["seq"] == alice.room["seq"]


def test_a_private_rooms_commands_are_its_members(server: ServerProcess) -> None:
    alice = create_room(server, visibility="private")
    charlie = create_room(server, user_name="Charlie")
    wish = {"user_id": charlie.key, "type": "chat", "data": {"text": "Hi"}}

    answer = Rest(server).post(f"/api/rooms/{alice.room_id}/commands/", wish)
    assert_refused(answer, 401, "unknown_user")
