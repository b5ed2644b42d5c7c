"""Play, pause, seek and a change of the video, from a socket and from REST."""

import asyncio
import re

import pytest

from tests.conftest import Connect, GiveParty, Party
from tests.peer import Frame, Rest, create_room, join_room
from tests.process import ServerProcess
from tests.ws.conftest import Knock

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")
VIDEO = {"videoUrl": "https://example.com/video.mp4", "videoTitle": "Video Title"}


@pytest.mark.parametrize(
    ("kind", "is_playing"), [("play", True), ("pause", False), ("seek", False)]
)
async def test_what_the_host_does_reaches_the_viewer(
    server: ServerProcess, party: GiveParty, kind: str, is_playing: bool
) -> None:
    them = await party(server)

    await them.alice.send(kind, position=120)

    told = await them.bob.read()
    assert set(told) == {"type", "seq", "roomId", "userId", "timestamp", "data"}
    assert told["type"] == kind
    assert told["roomId"] == them.room_id
    assert told["userId"] == them.alice.public_id
    assert ISO.fullmatch(told["timestamp"])
    assert told["data"] == {
        "position": 120,
        "at": told["data"]["at"],
        "isPlaying": is_playing,
        "rate": 1,
    }
    assert isinstance(told["data"]["at"], int)


async def test_a_changed_video_begins_at_its_start(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    await them.alice.send("play", position=50)
    await them.bob.expect("play")

    await them.alice.send("video_changed", **VIDEO)

    told = await them.bob.read()
    assert told["type"] == "video_changed"
    assert told["data"] == VIDEO | {
        "position": 0,
        "isPlaying": False,
        "at": told["data"]["at"],
    }
    room = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]
    assert room["current_video_url"] == VIDEO["videoUrl"]
    assert room["current_video_title"] == VIDEO["videoTitle"]
    assert (room["current_position"], room["is_playing"], room["playback_rate"]) == (0, False, 1)


async def test_a_video_needs_no_title(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    await them.alice.send("video_changed", **VIDEO)
    await them.bob.expect("video_changed", videoTitle="Video Title")

    await them.alice.send("video_changed", videoUrl="https://example.com/other.mp4")

    await them.bob.expect("video_changed", videoTitle="")


async def test_one_is_not_told_what_one_did_but_ones_other_tab_is(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.alice.seat
    tab = await connect(server, them.alice.seat)
    await them.alice.send("video_changed", **VIDEO)
    for kind in ("play", "seek", "pause"):
        await them.alice.send(kind, position=5)

    for other in (them.bob, tab):
        told = [await other.read() for _ in range(4)]
        assert [frame["type"] for frame in told] == ["video_changed", "play", "seek", "pause"]
    await them.bob.send("leave")
    await them.alice.nothing_until("user_left")


async def test_the_second_tab_controls_and_the_first_hears_it(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party(server)
    assert them.alice.seat
    tab = await connect(server, them.alice.seat)

    await tab.send("play", position=5)

    assert (await them.alice.read())["type"] == "play"
    assert (await them.bob.read())["type"] == "play"


async def test_what_rest_does_everybody_sees_the_host_too(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    path = f"/api/rooms/{them.room_id}"
    for action, position in (("play", 120), ("seek", 7.25), ("pause", 9)):
        wish = {"user_id": them.alice.key, "action": action, "position": position}
        answer = Rest(server).post(f"{path}/control/", wish)
        assert answer.status == 200, answer.body

        for peer in (them.alice, them.bob):
            told = await peer.read()
            assert (told["type"], told["data"]["position"]) == (action, position)
            assert told["userId"] == them.alice.public_id

    wish = {"user_id": them.alice.key, "video_url": VIDEO["videoUrl"], "video_title": "Video Title"}
    assert Rest(server).post(f"{path}/change-video/", wish).status == 200
    for peer in (them.alice, them.bob):
        await peer.expect("video_changed", **VIDEO)


async def test_what_a_socket_does_rest_shows(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    await them.alice.send("pause", position=33.5)
    told = await them.bob.expect("pause")

    room = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]

    assert (room["current_position"], room["is_playing"]) == (33.5, False)
    assert room["seq"] == told["seq"]


async def test_a_viewer_controls_nothing(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    for kind in ("play", "pause", "seek"):
        await them.bob.send(kind, position=99)
        await them.bob.expect_error("not_allowed")
    await them.bob.send("video_changed", **VIDEO)
    await them.bob.expect_error("not_allowed")

    await them.alice.send("seek", position=3)
    told = await them.bob.nothing_until("seek")
    assert told["data"]["position"] == 3


async def test_a_refusal_is_for_who_caused_it_alone(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await them.bob.send("play", position=1)

    refusal = await them.bob.expect_error("not_allowed")

    assert set(refusal) == {"type", "data"}
    assert set(refusal["data"]) == {"error", "code", "retryable"}
    assert refusal["data"]["retryable"] is False
    await them.alice.nothing_until("heartbeat")


async def test_everyone_may_control_where_the_host_said_so(
    server: ServerProcess, party: GiveParty, connect: Connect
) -> None:
    them = await party_where_everyone_controls(server, connect)

    await them.bob.send("play", position=4)

    told = await them.alice.read()
    assert (told["type"], told["userId"]) == ("play", them.bob.public_id)


async def party_where_everyone_controls(server: ServerProcess, connect: Connect) -> Party:
    hosting = create_room(server, settings={"control": "everyone"})
    watching = join_room(server, hosting.room_id, "Bob")
    alice, bob = await connect(server, hosting), await connect(server, watching)
    await alice.expect("user_joined", is_online=True)
    return Party(server, hosting.room_id, alice, bob)


async def test_what_changes_nothing_is_no_event(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    await them.alice.send("pause")
    await them.alice.send("play", position=1)
    await them.alice.send("play")
    await them.alice.send("pause", position=2)
    await them.alice.send("pause")
    await them.alice.send("seek", position=3)

    told = [await them.bob.read() for _ in range(3)]

    assert [frame["type"] for frame in told] == ["play", "pause", "seek"]
    assert [frame["seq"] - told[0]["seq"] for frame in told] == [0, 1, 2]


async def test_events_are_numbered_without_a_gap(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    room = await charlie.join(str(them.alice.key), protocol=2)
    for position in range(50):
        await them.alice.send("seek", position=position)
        await them.bob.expect("seek", position=position)

    told: list[Frame] = [await charlie.read() for _ in range(50)]

    assert [frame["seq"] for frame in told] == [room["seq"] + 1 + n for n in range(50)]


async def test_hosts_of_many_rooms_do_not_disturb_each_other(
    server: ServerProcess, party: GiveParty
) -> None:
    parties = [await party(server) for _ in range(4)]
    await asyncio.gather(*(them.alice.send("seek", position=n) for n, them in enumerate(parties)))

    for n, them in enumerate(parties):
        assert (await them.bob.read())["data"]["position"] == n
        await them.bob.nothing_until("heartbeat")
