"""Where the video stands: numbers in, numbers out, and where it is by now."""

import json
import re
from typing import Any

import pytest

from tests.conftest import GiveParty, Party
from tests.process import ServerProcess
from tests.ws.conftest import Knock


@pytest.mark.parametrize("position", ["120", "120.25", "0", "0.001", "7200.999", "120.0"])
async def test_a_position_is_relayed_as_it_was_meant(
    server: ServerProcess, party: GiveParty, position: str
) -> None:
    them = await party(server)

    await them.alice.raw(f'{{"type": "seek", "data": {{"position": {position}}}}}')

    await them.bob.expect("seek")
    written = re.search(r'"position":([0-9.]+)', them.bob.frames[-1])
    assert written
    assert written[1] == position.removesuffix(".0")


async def test_a_position_has_milliseconds(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)

    await them.alice.send("seek", position=1 / 3)

    assert (await them.bob.expect("seek"))["data"]["position"] == 0.333


@pytest.mark.parametrize(
    "position", ["120", True, -1, -0.001, [1], {"seconds": 1}, 1e308, 10**400, 10_000_001]
)
@pytest.mark.parametrize("kind", ["play", "pause", "seek"])
async def test_what_is_no_position_is_refused(
    server: ServerProcess, party: GiveParty, kind: str, position: object
) -> None:
    them = await party(server)

    await them.alice.send(kind, position=position)

    refusal = await them.alice.expect_error("invalid")
    assert list(refusal["data"].get("errors", {"position": []})) == ["position"]
    await them.alice.send("seek", position=3)
    assert (await them.bob.nothing_until("seek"))["data"]["position"] == 3


async def test_a_seek_needs_a_position(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    for data in ({}, {"position": None}):
        await them.alice.raw(json.dumps({"type": "seek", "data": data}))
        refusal = await them.alice.expect_error("invalid")
        assert list(refusal["data"]["errors"]) == ["position"]


@pytest.mark.parametrize("data", [{}, {"position": None}])
async def test_play_and_pause_without_a_position_are_where_the_room_stands(
    server: ServerProcess, party: GiveParty, data: dict[str, Any]
) -> None:
    them = await party(server)
    await them.alice.send("seek", position=30)
    await them.alice.raw(json.dumps({"type": "play", "data": data}))
    await them.alice.raw(json.dumps({"type": "pause", "data": data}))

    play, pause = await them.bob.expect("play"), await them.bob.expect("pause")

    assert play["data"]["position"] == 30
    elapsed = (pause["data"]["at"] - play["data"]["at"]) / 1000
    assert pause["data"]["position"] == pytest.approx(30 + elapsed, abs=0.0015)


async def test_seeking_does_not_stop_what_plays(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    await them.alice.send("play", position=10)
    await them.alice.send("seek", position=90)

    assert (await them.bob.expect("seek"))["data"]["isPlaying"] is True


async def test_a_late_joiner_comes_in_where_the_video_is_now(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    await them.alice.send("play", position=100)
    play = await them.bob.expect("play")
    await until_time_has_passed(them, play["data"]["at"] + 100)

    charlie = await knock(server, them.room_id)
    room = await charlie.join(str(them.bob.key))

    elapsed = (room["server_time"] - play["data"]["at"]) / 1000
    assert elapsed >= 0.1
    assert room["is_playing"] is True
    assert room["current_position"] == pytest.approx(100 + elapsed, abs=0.0015)


async def until_time_has_passed(them: Party, instant: int) -> None:
    now = 0
    while now < instant:
        await them.alice.send("heartbeat")
        now = (await them.alice.expect("heartbeat"))["data"]["at"]
