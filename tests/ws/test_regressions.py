"""Thirteen defects of an earlier attempt at this contract, and what holds instead."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from channels.db import database_sync_to_async
from django.core.management import call_command

from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Room, User
from tests.conftest import Connect, GiveParty
from tests.peer import Rest
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, member, stored_room
from tests.ws.conftest import Knock

VIDEO = "https://example.com/video.mp4"


def room_of(server: ServerProcess, room_id: str) -> dict[str, Any]:
    room: dict[str, Any] = Rest(server).get(f"/api/rooms/{room_id}/").body["room"]
    return room


async def test_01_a_viewer_cannot_control_over_the_socket(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    for kind in ("play", "pause", "seek"):
        await them.bob.send(kind, position=9)
        await them.bob.expect_error("not_allowed")
    await them.bob.send("video_changed", videoUrl=VIDEO)
    await them.bob.expect_error("not_allowed")

    room = room_of(server, them.room_id)
    assert (room["current_position"], room["is_playing"]) == (0, False)
    assert room["current_video_url"] == ""


async def test_02_a_public_id_lets_nobody_act_as_the_host(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    host_id = room_of(server, them.room_id)["host_id"]
    charlie = await knock(server, them.room_id)

    await ask_to_join(charlie, host_id, "Alice")
    await charlie.expect_error("invalid")
    wish = {"user_id": host_id, "action": "play", "position": 9}
    control = Rest(server).post(f"/api/rooms/{them.room_id}/control/", wish)
    leave = Rest(server).delete(f"/api/rooms/{them.room_id}/leave/", {"user_id": host_id})

    assert (control.status, leave.status) == (401, 401)
    assert room_of(server, them.room_id)["is_playing"] is False


async def test_03_a_socket_that_has_not_joined_hears_and_does_nothing(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    await them.alice.send("play", position=1)
    await them.bob.expect("play")
    await charlie.nothing_until("heartbeat")

    await charlie.send("pause", position=9)

    refusal = await charlie.expect_error("not_joined")
    assert "Internal" not in refusal["data"]["error"]
    await them.alice.send("seek", position=2)
    await them.bob.nothing_until("seek")


async def test_04_what_rest_changes_reaches_the_sockets(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    rest, room = Rest(server), f"/api/rooms/{them.room_id}"
    rest.post(f"{room}/control/", {"user_id": them.alice.key, "action": "play", "position": 120})
    rest.post(f"{room}/change-video/", {"user_id": them.alice.key, "video_url": VIDEO})
    rest.delete(f"{room}/leave/", {"user_id": them.alice.key})

    for kind in ("play", "video_changed", "user_left"):
        assert (await them.bob.read())["type"] == kind


async def test_05_the_position_advances_while_the_video_plays(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await them.alice.send("play", position=100)
    await them.bob.expect("play")

    first = room_of(server, them.room_id)
    second = room_of(server, them.room_id)
    while second["server_time"] <= first["server_time"]:
        second = room_of(server, them.room_id)

    passed = (second["server_time"] - first["server_time"]) / 1000
    moved = second["current_position"] - first["current_position"]
    assert abs(moved - passed) < 0.0015


async def test_06_no_connection_writes_back_what_it_once_read(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.alice.seat
    tab = await connect(server, them.alice.seat)

    await tab.send("video_changed", videoUrl=VIDEO)
    await them.bob.expect("video_changed")
    await them.alice.send("play", position=5)
    await them.bob.expect("play")

    room = room_of(server, them.room_id)
    assert room["current_video_url"] == VIDEO
    assert room["is_playing"] is True


async def test_07_a_position_is_in_seconds_everywhere_to_the_millisecond(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    await them.alice.send("seek", position=83.456)

    over_the_socket = (await them.bob.expect("seek"))["data"]["position"]
    over_rest = room_of(server, them.room_id)["current_position"]
    to_a_joiner = await (await knock(server, them.room_id)).join(str(them.bob.key))
    history = Rest(server).get(f"/api/rooms/{them.room_id}/messages/?type=seek").body["messages"]

    assert over_the_socket == over_rest == to_a_joiner["current_position"] == 83.456
    assert history[-1]["data"]["position"] == 83.456


async def test_08_the_documented_video_change_sets_the_video(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    await them.alice.raw(
        json.dumps(
            {
                "type": "video_changed",
                "userId": them.alice.key,
                "data": {"videoUrl": VIDEO, "videoTitle": "Video Title"},
            }
        )
    )

    await them.bob.expect("video_changed", videoUrl=VIDEO, videoTitle="Video Title")
    assert room_of(server, them.room_id)["current_video_url"] == VIDEO


async def test_09_user_left_names_its_member_as_the_others_do(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    await them.bob.send("leave")

    left = (await them.alice.expect("user_left"))["data"]
    assert left["id"] == left["user_id"] == them.bob.public_id
    assert left["name"] == "Bob"


async def test_10_a_lost_connection_loses_neither_place_nor_host(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.alice.seat
    tab = await connect(server, them.alice.seat)
    await tab.close()
    await them.alice.nothing_until("heartbeat")
    await them.alice.abort()
    await them.bob.expect("user_offline", id=them.alice.public_id)
    assert member(room_of(server, them.room_id), them.alice.public_id)["is_host"] is True

    again = await connect(server, them.alice.seat)
    await again.send("leave")

    room = (await them.bob.expect("room_update"))["data"]
    assert room["host_id"] == them.bob.public_id == str((await stored_room(them.room_id)).host_id)


async def test_11_a_room_in_use_is_listed_and_never_cleaned_up(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await database_sync_to_async(make_old)(them.room_id)

    report = await database_sync_to_async(clean_up)()

    assert them.room_id not in report
    assert them.room_id in await listed_rooms(server)
    await them.alice.send("play", position=1)
    await them.bob.nothing_until("play")


def make_old(room_id: str) -> None:
    past = datetime.now(UTC) - timedelta(days=3)
    instant = int(past.timestamp() * 1000)
    Room.objects.filter(id=room_id).update(created_at=past, active_at=instant, stamp=new_stamp())
    User.objects.filter(room_id=room_id, is_host=False).update(last_seen=past)


def clean_up() -> str:
    out = StringIO()
    call_command("cleanup_rooms", stdout=out)
    return out.getvalue()


async def listed_rooms(server: ServerProcess) -> list[str]:
    rooms: list[str] = []
    cursor = ""
    while True:
        body = Rest(server).get(f"/api/rooms/?limit=200{cursor}").body
        rooms += [room["id"] for room in body["rooms"]]
        if not body["next"]:
            return rooms
        cursor = f"&before={body['next']}"


async def test_12_the_history_has_pages(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    for position in range(60):
        await them.alice.send("seek", position=position)
        await them.bob.expect("seek", position=position)
    path = f"/api/rooms/{them.room_id}/messages/"

    newest = Rest(server).get(path).body["messages"]
    before = Rest(server).get(f"{path}?before={newest[0]['seq']}").body["messages"]

    assert len(newest) == 50
    seqs = [message["seq"] for message in before + newest]
    assert seqs == list(range(1, len(seqs) + 1))
    assert newest[-1]["data"]["position"] == 59


async def test_13_health_asks_and_frames_are_bounded(
    server: ServerProcess, party: GiveParty
) -> None:
    health = Rest(server).get("/api/health/").body
    assert health["checks"] == {"database": "ok", "channel_layer": "ok"}
    them = await party(server)

    await them.bob.raw(json.dumps({"type": "play", "data": {"padding": "x" * 70_000}}))

    await them.bob.expect_error("too_large")
    assert await them.bob.closed() == 4400
    large = {"room_name": "Movie Night", "user_name": "A", "padding": "x" * 70_000}
    assert Rest(server).post("/api/rooms/create/", large).status == 413
