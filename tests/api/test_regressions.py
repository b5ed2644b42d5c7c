"""Defects of an earlier server of this same contract, by name: those that REST could show."""

from __future__ import annotations

import pytest

from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Room
from tests.api.database import in_database
from tests.api.refusals import assert_refused
from tests.conftest import Connect, GiveParty
from tests.peer import Rest, Seat, join_room
from tests.process import ServerProcess

HOUR = 3_600_000


def control(seat: Seat, action: str, **more: object) -> tuple[str, dict[str, object]]:
    body = {"user_id": seat.key, "action": action} | more
    return f"/api/rooms/{seat.room_id}/control/", body


def test_whoever_reads_the_host_id_can_control_the_room(rest: Rest, alice: Seat) -> None:
    host_id = rest.get(f"/api/rooms/{alice.room_id}/").body["room"]["host_id"]
    room = f"/api/rooms/{alice.room_id}/"

    for path, body in (
        ("control/", {"action": "play"}),
        ("change-video/", {"video_url": "https://example.com/video.mp4"}),
    ):
        assert_refused(rest.post(room + path, body | {"user_id": host_id}), 401, "unknown_user")
    answer = rest.delete(f"{room}leave/", {"user_id": host_id})
    assert_refused(answer, 401, "unknown_user")


async def test_what_rest_does_is_not_broadcast(
    server: ServerProcess, rest: Rest, alice: Seat, connect: Connect
) -> None:
    watching = await connect(server, join_room(server, alice.room_id, "Bob"))

    rest.post(*control(alice, "play", position=120))
    played = await watching.expect("play")
    video = {"user_id": alice.key, "video_url": "https://example.com/video.mp4"}
    rest.post(f"/api/rooms/{alice.room_id}/change-video/", video)
    changed = await watching.expect("video_changed")
    rest.delete(f"/api/rooms/{alice.room_id}/leave/", {"user_id": alice.key})
    left = await watching.expect("user_left")

    assert played["data"]["position"] == 120
    assert changed["data"]["videoUrl"] == "https://example.com/video.mp4"
    assert left["data"]["id"] == alice.public_id


async def test_late_joiners_start_at_the_position_of_the_last_command(
    server: ServerProcess, rest: Rest, alice: Seat, connect: Connect
) -> None:
    played = rest.post(*control(alice, "play", position=120)).body["room"]
    bob = join_room(server, alice.room_id, "Bob")

    seen = bob.room
    while seen["server_time"] <= played["position_at"]:
        seen = rest.get(f"/api/rooms/{alice.room_id}/").body["room"]

    assert seen["current_position"] > played["current_position"] >= 120


def test_a_play_reverts_a_video_change(server: ServerProcess, rest: Rest, alice: Seat) -> None:
    rest.post(*control(alice, "play", position=1))
    video = {"user_id": alice.key, "video_url": "https://example.com/video.mp4"}
    rest.post(f"/api/rooms/{alice.room_id}/change-video/", video)

    room = rest.post(*control(alice, "play", position=2)).body["room"]

    assert room["current_video_url"] == "https://example.com/video.mp4"


async def test_rest_and_socket_give_positions_in_different_units(
    server: ServerProcess, rest: Rest, alice: Seat, connect: Connect
) -> None:
    room = rest.post(*control(alice, "seek", position=3723.456)).body["room"]
    watching = await connect(server, join_room(server, alice.room_id, "Bob"))

    assert room["current_position"] == 3723.456
    told = watching.seen("room_update")[0]
    assert told["data"]["current_position"] == 3723.456


async def test_a_lost_connection_deletes_the_host(
    server: ServerProcess, rest: Rest, party: GiveParty
) -> None:
    room = await party(server)
    host = room.alice.public_id

    await room.alice.abort()
    await room.bob.expect("user_offline", id=host)

    seen = rest.get(f"/api/rooms/{room.room_id}/").body["room"]
    assert seen["host_id"] == host
    assert {user["name"]: user["is_online"] for user in seen["users"]} == {
        "Alice": False,
        "Bob": True,
    }


async def test_a_room_in_use_disappears_from_the_list_after_an_hour(
    server: ServerProcess, rest: Rest, alice: Seat, connect: Connect
) -> None:
    await connect(server, alice)
    rows = Room.objects.filter(id=alice.room_id)
    old = (await in_database(rows.get)).active_at - 2 * HOUR
    await in_database(lambda: rows.update(active_at=old, stamp=new_stamp()))

    page = rest.get("/api/rooms/?limit=200").body
    assert alice.room_id in [room["id"] for room in page["rooms"]]


def test_the_history_has_fifty_entries_and_no_pages(rest: Rest, alice: Seat) -> None:
    for position in range(60):
        rest.post(*control(alice, "seek", position=position))
    path = f"/api/rooms/{alice.room_id}/messages/"

    newest = [message["seq"] for message in rest.get(path).body["messages"]]
    older = [message["seq"] for message in rest.get(f"{path}?before={newest[0]}").body["messages"]]

    assert older + newest == list(range(1, 62))


@pytest.mark.parametrize("size", [100, 1_000, 10_000])
def test_there_are_no_bounds(rest: Rest, alice: Seat, size: int) -> None:
    answer = rest.post("/api/rooms/join/", {"room_id": alice.room_id, "user_name": "B" * size})
    assert_refused(answer, 400, "invalid", "user_name")
