"""A play is scheduled: everybody is told in time, and starts at the same instant."""

import http.client

from tests.peer import Frame, Peer, Rest
from tests.process import ServerProcess
from tests.ws.conftest import Knock
from tests.ws.intime import CONTRACT, come_in, done, evening, heard, here

LEAST_LEAD = 250


async def server_time(peer: Peer) -> float:
    return float((await heard(peer))["data"]["t2"])


async def test_everybody_is_told_the_same_instant_and_in_time(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    charlie = await them.join("Charlie")
    asked = await server_time(them.alice)
    await them.alice.send("play", position=120)

    plays = [await peer.expect("play") for peer in (them.alice, them.bob, charlie)]
    told = await server_time(charlie)

    assert plays[0]["data"] == {"position": 120, "at": at(plays[0]), "isPlaying": True, "rate": 1}
    assert len({at(play) for play in plays}) == 1
    assert at(plays[0]) >= asked - 1 + LEAST_LEAD
    assert at(plays[0]) <= told + 2_000


def at(frame: Frame) -> int:
    return int(frame["data"]["at"])


async def test_over_rest_it_is_scheduled_too(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    asked = await server_time(them.alice)
    wish = {"user_id": them.alice.key, "action": "play", "position": 5}
    answer = Rest(server).post(f"/api/rooms/{them.room_id}/control/", wish)

    assert answer.status == http.client.OK
    assert at(await them.bob.expect("play")) >= asked - 1 + LEAST_LEAD


async def test_pause_seek_and_a_new_video_take_effect_at_once(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    await them.alice.send("play", position=0)
    await them.alice.send("pause", position=1)
    await them.alice.send("seek", position=2)
    await them.alice.send("video_changed", videoUrl="https://example.com/v.mp4")

    happened = [at(await them.bob.expect(kind)) for kind in ("pause", "seek", "video_changed")]
    assert happened == sorted(happened)
    assert happened[-1] <= await server_time(them.bob)


async def test_until_the_start_the_room_stands_at_its_beginning(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    await them.alice.send("play", position=120)
    await them.alice.send("pause")

    play, pause = await them.bob.expect("play"), await them.bob.expect("pause")

    passed = max(0, at(pause) - at(play)) / 1000
    assert abs(pause["data"]["position"] - (120 + passed)) <= 0.002


async def test_play_while_playing_changes_nothing_and_is_acked_with_the_present_seq(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    seq = await done(them.alice, "play")

    assert await done(them.alice, "play") == seq
    await them.alice.send("pause")
    await them.bob.expect("play")
    await them.bob.nothing_until("pause")


async def test_who_knows_no_clock_is_handed_it_when_it_is_due(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    viewer = await them.join("Contra", CONTRACT)
    await them.alice.send("play", position=120)

    told = await them.bob.expect("play")
    assert here() < at(told), "who knows the clock has it ahead of time"
    handed = await viewer.expect("play")
    arrived = here()

    assert handed == told, "unchanged"
    assert arrived >= at(told) - 150, "half its round trip early at most"


async def test_a_pause_that_follows_never_comes_first(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    viewer = await them.join("Contra", CONTRACT)
    for position in range(5):
        await them.alice.send("play", position=position)
        await them.alice.send("pause", position=position + 0.5)

    for position in range(5):
        assert (await viewer.expect("play"))["data"]["position"] == position
        assert (await viewer.expect("pause"))["data"]["position"] == position + 0.5
    seqs = [frame["seq"] for kind in ("play", "pause") for frame in viewer.seen(kind)]
    assert len(seqs) == 10


async def test_a_rate_reaches_who_knows_no_clock_as_the_whole_room_after_the_play(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    viewer = await them.join("Contra", CONTRACT)
    await them.alice.send("play", position=120)
    await them.alice.send("rate", rate=2)

    await viewer.nothing_until("play")
    room = (await viewer.expect("room_update"))["data"]
    assert (room["playback_rate"], room["is_playing"]) == (2, True)


async def test_a_host_of_the_contract_has_begun_and_the_others_catch_up(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server, settings={"control": "everyone"})
    host = await come_in(knock, server, them.room_id, "Contra", CONTRACT)
    viewer = await them.join("Viewer", CONTRACT)
    before = await server_time(them.bob)
    await host.send("play", position=120)

    for peer in (them.alice, them.bob, viewer):
        told = await peer.expect("play")
        assert told["data"]["position"] == 120
        assert before - 150 <= at(told) <= await server_time(peer)
    await host.send("seek", position=1)
    await viewer.expect("seek")
    await host.nothing_until(of=["play", "seek", "room_update"])


async def test_who_pauses_before_it_is_told_of_a_start_is_told_how_things_are(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server, settings={"control": "everyone"})
    viewer = await them.join("Contra", CONTRACT)
    await them.alice.send("play", position=120)
    await them.bob.expect("play")
    await viewer.send("pause", position=120)
    await them.bob.expect("pause")

    room = (await viewer.expect("room_update"))["data"]
    assert (room["is_playing"], room["current_position"]) == (False, 120)
    assert viewer.seen("play") == []
