from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from tests.api.refusals import assert_refused
from tests.peer import Rest, create_room, join_room
from tests.process import ServerProcess

CREATE = "/api/rooms/create/"
WISH = {"room_name": "Movie Night", "user_name": "Alice"}


def test_alice_creates_a_room_and_is_its_host(rest: Rest, server: ServerProcess) -> None:
    answer = rest.post(CREATE, WISH)

    assert answer.status == 201
    assert answer.body.keys() == {"status", "message", "room", "user", "websocket_url"}
    assert answer.body["status"] == "success"
    room, user = answer.body["room"], answer.body["user"]
    assert user.keys() == {"id", "public_id", "name", "is_host", "role"}
    assert (user["name"], user["is_host"], user["role"]) == ("Alice", True, "host")
    assert room["host_id"] == user["public_id"] != user["id"]
    assert answer.body["websocket_url"] == f"{server.ws_url}/ws/room/{room['id']}/"


def test_a_new_room_stands_at_the_beginning(rest: Rest) -> None:
    room = rest.post(CREATE, WISH).body["room"]

    assert room["name"] == "Movie Night"
    assert (room["current_video_url"], room["current_video_title"]) == ("", "")
    assert (room["current_position"], room["is_playing"], room["playback_rate"]) == (0, False, 1)
    assert datetime.fromisoformat(room["created_at"]).tzinfo is not None
    assert [(user["name"], user["is_online"]) for user in room["users"]] == [("Alice", False)]
    assert room["user_count"] == 1
    assert UUID(room["epoch"])
    assert room["seq"] == 1


def test_a_room_may_begin_with_a_video(rest: Rest) -> None:
    video = {"video_url": "https://example.com/video.mp4", "video_title": "Big Buck Bunny"}
    room = rest.post(CREATE, WISH | video).body["room"]

    assert room["current_video_url"] == "https://example.com/video.mp4"
    assert room["current_video_title"] == "Big Buck Bunny"


def test_a_room_may_be_given_settings(rest: Rest) -> None:
    wish = WISH | {"visibility": "unlisted", "settings": {"control": "everyone"}}
    room = rest.post(CREATE, wish).body["room"]

    assert room["visibility"] == "unlisted"
    assert room["settings"] == {"control": "everyone", "wait": "all"}


def test_names_are_trimmed_and_composed(rest: Rest) -> None:
    room = rest.post(CREATE, {"room_name": "  Cafe\u0301  ", "user_name": "\tAlice "}).body["room"]

    assert room["name"] == "Café"
    assert room["users"][0]["name"] == "Alice"


def test_fields_that_nobody_knows_are_ignored(rest: Rest) -> None:
    extra = {"theme": "dark", "settings": {"control": "host", "confetti": True}}
    assert rest.post(CREATE, WISH | extra).status == 201


def test_null_means_left_out(rest: Rest) -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ["video_url", "video_title", "password", "visibility", "settings"]
    )
    room = rest.post(CREATE, WISH | nothing).body["room"]

    assert (room["visibility"], room["has_password"]) == ("public", False)


@pytest.mark.parametrize("missing", ["room_name", "user_name"])
def test_what_is_missing_is_named(rest: Rest, missing: str) -> None:
    body = {name: value for name, value in WISH.items() if name != missing}
    assert_refused(rest.post(CREATE, body), 400, "invalid", missing)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("room_name", ""),
        ("room_name", "   "),
        ("room_name", "n" * 81),
        ("room_name", 7),
        ("room_name", ["Movie Night"]),
        ("user_name", "Ali\u0000ce"),
        ("user_name", "Ali\nce"),
        ("user_name", "\u200b"),
        ("user_name", True),
        ("video_url", "javascript:alert(1)"),
        ("video_url", "data:text/html,hello"),
        ("video_url", "file:///etc/passwd"),
        ("video_url", "https://alice:secret@example.com/video.mp4"),
        ("video_url", "not an address"),
        ("video_url", "https://example.com/" + "v" * 2000),
        ("video_title", "t" * 201),
        ("video_title", {}),
        ("visibility", "secret"),
        ("password", "p" * 201),
        ("password", 1234),
        ("settings", {"control": "nobody"}),
        ("settings", "host"),
    ],
)
def test_what_is_wrong_is_named(rest: Rest, field: str, value: object) -> None:
    assert_refused(rest.post(CREATE, WISH | {field: value}), 400, "invalid", field)


def test_everything_that_is_wrong_is_named_at_once(rest: Rest) -> None:
    body = {"room_name": "", "video_url": "ftp://example.com/"}
    assert_refused(rest.post(CREATE, body), 400, "invalid", "room_name", "user_name", "video_url")


def test_two_rooms_may_have_one_name_and_two_keys(server: ServerProcess) -> None:
    first, second = create_room(server), create_room(server)

    assert first.room_id != second.room_id
    assert first.key != second.key


def test_a_room_with_a_password_says_so_but_not_which(server: ServerProcess, rest: Rest) -> None:
    alice = create_room(server, password="open sesame")
    room = rest.get(f"/api/rooms/{alice.room_id}/", key=alice.key).body["room"]

    assert room["has_password"] is True
    assert "sesame" not in str(room)
    assert join_room(server, alice.room_id, "Bob", password="open sesame").name == "Bob"
