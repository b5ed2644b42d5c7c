from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.services import execute
from tests.api.refusals import assert_refused
from tests.conftest import Connect
from tests.peer import Rest, Seat, create_room, join_room
from tests.process import ServerProcess

FIELDS = {
    "id", "name", "host_id", "current_video_url", "current_video_title", "current_position",
    "is_playing", "created_at", "users", "user_count", "playback_rate", "seq", "epoch",
    "server_time", "position_at", "settings", "waiting", "visibility", "has_password",
}  # fmt: skip


def test_a_room_is_seen_with_everybody_in_it(
    rest: Rest, server: ServerProcess, alice: Seat
) -> None:
    bob = join_room(server, alice.room_id, "Bob")

    answer = rest.get(f"/api/rooms/{alice.room_id}/")

    assert answer.status == 200
    room = answer.body["room"]
    assert room.keys() == FIELDS
    assert (room["id"], room["host_id"]) == (alice.room_id, alice.public_id)
    assert [user["id"] for user in room["users"]] == [alice.public_id, bob.public_id]
    assert all(
        user.keys() == {"id", "name", "is_host", "is_online", "joined_at", "role"}
        for user in room["users"]
    )
    joined_at = datetime.fromisoformat(room["users"][1]["joined_at"])
    assert joined_at.utcoffset() == timedelta(0)
    assert room["server_time"] >= joined_at.timestamp() * 1000


async def test_who_is_connected_is_online(
    rest: Rest, server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    join_room(server, alice.room_id, "Bob")
    await connect(server, alice)

    room = rest.get(f"/api/rooms/{alice.room_id}/").body["room"]

    assert {user["name"]: user["is_online"] for user in room["users"]} == {
        "Alice": True,
        "Bob": False,
    }


def test_there_is_no_such_room(rest: Rest) -> None:
    for room_id in (uuid4(), UUID(int=0), "x", "550e8400", "%00"):
        assert_refused(rest.get(f"/api/rooms/{room_id}/"), 404, "room_not_found")


def test_a_closed_room_is_gone(rest: Rest, alice: Seat) -> None:
    execute.answer(execute.submit(UUID(alice.room_id), c.Close()))
    play = {"user_id": alice.key, "action": "play"}

    assert_refused(rest.get(f"/api/rooms/{alice.room_id}/"), 410, "room_closed")
    assert_refused(rest.get(f"/api/rooms/{alice.room_id}/messages/"), 410, "room_closed")
    assert_refused(rest.post(f"/api/rooms/{alice.room_id}/control/", play), 410, "room_closed")
    join = {"room_id": alice.room_id, "user_name": "Bob"}
    assert_refused(rest.post("/api/rooms/join/", join), 410, "room_closed")


@pytest.mark.parametrize("wish", [{"visibility": "private"}, {"password": "open sesame"}])
@pytest.mark.parametrize("path", ["", "messages/"])
def test_behind_a_door_only_members_see(
    rest: Rest, server: ServerProcess, wish: dict[str, str], path: str
) -> None:
    alice = create_room(server, **wish)
    charlie = create_room(server, user_name="Charlie")
    url = f"/api/rooms/{alice.room_id}/{path}"

    assert rest.get(url, key=alice.key).status == 200
    assert_refused(rest.get(url), 401, "unknown_user")
    assert_refused(rest.get(url, key=charlie.key), 401, "unknown_user")
    assert_refused(rest.get(url, key=alice.public_id), 401, "unknown_user")


def test_an_unlisted_room_is_seen_by_whoever_has_its_link(
    rest: Rest, server: ServerProcess
) -> None:
    alice = create_room(server, visibility="unlisted")
    assert rest.get(f"/api/rooms/{alice.room_id}/").status == 200


def test_an_open_room_is_seen_with_any_key(rest: Rest, alice: Seat) -> None:
    assert rest.get(f"/api/rooms/{alice.room_id}/", key=str(uuid4())).status == 200


def test_a_key_that_can_be_none_is_refused(rest: Rest, alice: Seat) -> None:
    answer = rest.get(f"/api/rooms/{alice.room_id}/", key="x")
    assert_refused(answer, 400, "invalid", "Authorization")
