"""What goes wrong in other systems that show a video to several people, and does not here."""

import pytest

from syncplay_backend.domain.limits import FIRST_LOAD, LEAST_LEAD, MOST_LEAD
from tests.peer import Rest
from tests.process import ServerProcess
from tests.ws.conftest import Knock
from tests.ws.intime import CONTRACT, done, evening, heard, here, say


async def test_unbounded_wait(server: ServerProcess, knock: Knock) -> None:
    """Elsewhere one dead tab holds the group for ever, and nobody knows who it is."""
    them = await evening(knock, server)
    wait = (await them.is_waiting_for_bob())["data"]

    assert wait["for"] == [them.bob.public_id]
    assert wait["since"] < wait["until"] <= wait["since"] + FIRST_LOAD
    await them.bob.abort()
    await them.alice.expect("play")


async def test_ticks_and_milliseconds_mixed(server: ServerProcess, knock: Knock) -> None:
    """Elsewhere a least delay of 500 ms was compared in ticks, and so was 50 µs: no start was in
    time. Here positions are seconds, instants milliseconds, and a lead is a lead."""
    them = await evening(knock, server)
    asked = (await heard(them.alice))["data"]["t2"]
    await them.alice.send("play", position=1.5)
    play = (await them.bob.expect("play"))["data"]

    assert LEAST_LEAD - 1 <= play["at"] - asked <= MOST_LEAD + (here() - asked)
    await them.alice.send("pause")
    pause = (await them.bob.expect("pause"))["data"]
    passed = max(0, pause["at"] - play["at"])
    assert pause["position"] == pytest.approx(1.5 + passed / 1000, abs=0.002)


async def test_min_of_positions(server: ServerProcess, knock: Knock) -> None:
    """Elsewhere the slowest player's position is the room's: one stalled viewer rewinds all."""
    them = await evening(knock, server)
    play = (await them.is_playing())["data"]
    for position in (0, 3, 9_999):
        await say(them.bob, "ready", position=position, offset=-97_000)
    await say(them.bob, "buffering", position=0)
    wait = (await them.alice.expect("waiting"))["data"]
    await say(them.bob, "ready", position=0)
    again = (await them.alice.expect("play"))["data"]

    passed = max(0, wait["at"] - play["at"]) / 1000
    assert wait["position"] == pytest.approx(100 + passed, abs=0.002)
    assert again["position"] == wait["position"]


@pytest.mark.parametrize("protocol", [CONTRACT, 2])
async def test_joiner_pauses_all(server: ServerProcess, knock: Knock, protocol: int) -> None:
    """Elsewhere the whole group stands still until who comes late has loaded the video."""
    them = await evening(knock, server)
    await them.is_playing()
    charlie = await them.join("Charlie", protocol)
    if protocol != CONTRACT:
        await say(charlie, "buffering", position=0)
    await charlie.close()
    await them.alice.expect("user_offline", name="Charlie")
    await done(them.alice, "chat", text="nobody noticed")

    between = ["pause", "play", "seek", "waiting", "room_update", "rate"]
    await them.bob.nothing_until("chat", of=between)
    room = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]
    assert room["is_playing"] is True


async def test_device_clocks_trusted(server: ServerProcess, knock: Knock) -> None:
    """Elsewhere a device that is an hour wrong puts everybody an hour off."""
    them = await evening(knock, server)
    before = (await heard(them.bob))["data"]["t2"]
    wrong = here() + 3_600_000
    await them.alice.send("time", t0=wrong)
    stamps = (await them.alice.expect("time"))["data"]
    assert stamps["t0"] == wrong
    await them.alice.send("play", position=5, at=wrong, timestamp=wrong / 1000, t0=wrong)
    play = (await them.bob.expect("play"))["data"]
    after = (await heard(them.bob))["data"]["t2"]

    assert before <= stamps["t1"] <= stamps["t2"] <= after
    assert before <= play["at"] <= after + MOST_LEAD


async def test_receive_time_taken_as_truth(server: ServerProcess, knock: Knock) -> None:
    """Elsewhere a video starts when the message arrives, so that whoever is far away is late for
    ever. Here it starts at an instant that everybody is told before it comes."""
    them = await evening(knock, server)
    near, far = them.alice, await them.join("Charlie")
    await near.send("play", position=5)
    play = await near.expect("play")
    await done(near, "chat", text="a while later")
    read_late = await far.expect("play")

    assert read_late == play
    contra = await them.join("Contra", CONTRACT)
    room = contra.seen("room_update")[0]["data"]
    passed = max(0, room["server_time"] - play["data"]["at"]) / 1000
    assert room["current_position"] == pytest.approx(5 + passed, abs=0.002)


async def test_a_stale_command_undoes_a_newer_one(server: ServerProcess, knock: Knock) -> None:
    """Elsewhere two who press a button at once both win, one after the other."""
    them = await evening(knock, server, settings={"control": "everyone"})
    seen = await done(them.alice, "seek", position=10)
    await done(them.alice, "seek", position=20, expect={"seq": seen})
    await them.bob.send("seek", position=30, expect={"seq": seen})

    await them.bob.expect_error("conflict")
    room = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]
    assert room["current_position"] == 20
