"""How the players are: told to the others, merged, at most once a second, and not for ever."""

from tests.peer import Frame, Peer, Rest
from tests.process import ServerProcess
from tests.ws.conftest import Knock
from tests.ws.intime import CONTRACT, Evening, done, evening, here, say

TwoServers = tuple[ServerProcess, ServerProcess]


async def status_of(peer: Peer, who: Peer) -> Frame:
    """Read on until there is something new about somebody."""
    while True:
        for told in (await peer.expect("status"))["data"]["members"]:
            if told["id"] == who.public_id:
                known: Frame = told
                return known


async def test_the_others_see_how_a_player_is(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await say(them.bob, "ready", position=12.5, rate=1.01, offset=-7.5)

    told = await status_of(them.alice, them.bob)
    assert told.keys() <= {"id", "state", "position", "rate", "offset", "round_trip"}
    assert (told["state"], told["position"], told["offset"]) == ("ready", 12.5, -7.5)
    assert told["rate"] == 1.01
    assert 0 <= told.get("round_trip", 0) < 5_000


async def test_who_says_little_is_shown_with_little(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await say(them.bob, "hidden")

    told = await status_of(them.alice, them.bob)
    assert (told["state"], "position" in told, "offset" in told) == ("hidden", False, False)


async def test_it_is_merged_and_told_at_most_once_a_second(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    arrivals, offset = [], 0
    while len(arrivals) < 3:
        offset += 100  # more than a frame: worth telling
        for peer in (them.bob, them.alice):
            await peer.send("status", state="ready", offset=offset)
        before = len(them.alice.seen("status"))
        await them.alice.send("time", t0=0)
        await them.alice.expect("time")
        if len(them.alice.seen("status")) > before:
            arrivals.append(here())

    assert len(them.alice.seen("status")) == 3
    assert offset > 300
    assert arrivals[2] - arrivals[0] >= 2_000 * 0.8
    ids = [told["id"] for told in them.alice.seen("status")[-1]["data"]["members"]]
    assert sorted(ids) == sorted([them.alice.public_id, them.bob.public_id])


async def test_it_bears_no_number_and_is_kept_nowhere(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    before = await done(them.alice, "seek", position=1)
    await say(them.bob, "ready", position=3)
    assert set(await them.alice.expect("status")) == {"type", "data"}

    assert await done(them.alice, "seek", position=2) == before + 1


async def test_a_client_of_the_contract_is_told_nothing_of_it(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    contra = await them.join("Contra", CONTRACT)
    await say(them.bob, "ready", position=3)
    await status_of(them.alice, them.bob)

    await contra.nothing_until("heartbeat")


async def test_who_is_at_another_process_sees_it_too(two_servers: TwoServers, knock: Knock) -> None:
    them = await evening(knock, two_servers[0])
    them.server = two_servers[1]
    charlie = await them.join("Charlie")
    await say(them.bob, "ready", offset=5)

    assert (await status_of(charlie, them.bob))["offset"] == 5


async def test_a_room_shows_how_well_it_is_in_sync(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    assert sync(them) is None
    await say(them.alice, "ready", offset=-30)
    await say(them.bob, "ready", offset=10)

    shown = sync(them)
    assert shown
    assert (shown["p50"], shown["p95"]) == (10, 30)
    offsets = {told["id"]: told["offset"] for told in shown["members"]}
    assert offsets == {them.alice.public_id: -30, them.bob.public_id: 10}


async def test_who_is_gone_is_in_sync_with_nobody(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await say(them.alice, "ready", offset=4)
    await say(them.bob, "ready", offset=900)
    await them.bob.close()
    await them.alice.expect("user_offline")

    shown = sync(them)
    assert shown
    assert (shown["p95"], len(shown["members"])) == (4, 1)


async def test_who_tells_no_offset_is_shown_without_one(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    await say(them.bob, "blocked")

    shown = sync(them)
    assert shown
    assert (shown["p50"], shown["p95"]) == (None, None)
    assert [told["state"] for told in shown["members"]] == ["blocked"]


def sync(them: Evening) -> Frame | None:
    answer = Rest(them.server).get(f"/api/rooms/{them.room_id}/")
    assert answer.status == 200
    shown: Frame | None = answer.body["sync"]
    return shown
