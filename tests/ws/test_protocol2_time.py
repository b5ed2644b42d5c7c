"""What time is it? Four stamps, of which the server makes two."""

import pytest

from tests.conftest import GiveParty
from tests.peer import create_room
from tests.process import ServerProcess
from tests.ws.cast import fresh_key
from tests.ws.conftest import Knock
from tests.ws.intime import evening, heard, here


async def test_four_stamps_make_an_offset_and_a_round_trip(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    t0 = here()
    await them.bob.send("time", t0=t0)
    answer = await them.bob.expect("time")
    t3 = here()

    assert set(answer) == {"type", "data"}
    assert set(answer["data"]) == {"t0", "t1", "t2"}
    assert answer["data"]["t0"] == t0
    t1, t2 = answer["data"]["t1"], answer["data"]["t2"]
    assert t1 <= t2
    assert t2 - t1 <= t3 - t0, "the server's part is within ours"
    offset = ((t1 - t0) + (t2 - t3)) / 2
    assert abs(offset) <= (t3 - t0) / 2 + 50


async def test_the_stamps_are_finer_than_a_millisecond(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    answers = [(await heard(them.bob))["data"] for _ in range(5)]

    stamps = [answer[name] for answer in answers for name in ("t1", "t2")]
    assert any(stamp != int(stamp) for stamp in stamps)
    assert stamps == sorted(stamps)


async def test_it_is_the_clock_that_events_bear(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    before = (await heard(them.alice))["data"]["t2"]
    await them.alice.send("seek", position=3)
    at = (await them.alice.expect("seek"))["data"]["at"]
    after = (await heard(them.alice))["data"]["t1"]

    assert before - 1 <= at <= after


async def test_it_may_be_asked_before_the_join(server: ServerProcess, knock: Knock) -> None:
    charlie = await knock(server, create_room(server).room_id)
    await charlie.send("time", t0=-12.5)

    assert (await charlie.read())["data"]["t0"] == -12.5


async def test_a_client_of_the_contract_may_ask_too(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    assert (await heard(them.bob))["type"] == "time"


@pytest.mark.parametrize("t0", ["0", None, True, [], 1e300])
async def test_what_is_no_stamp_is_refused(server: ServerProcess, knock: Knock, t0: object) -> None:
    them = await evening(knock, server)
    await them.bob.send("time", t0=t0)

    assert set((await them.bob.expect_error("invalid"))["data"]["errors"]) == {"t0"}


async def test_it_works_under_every_server(any_server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, any_server)
    t0 = here()
    stamps = (await heard(them.bob))["data"]

    assert t0 - 50 <= stamps["t1"] <= stamps["t2"] <= here() + 50


async def test_for_another_key_no_time_is_told(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    them.bob.key = fresh_key()
    for kind, data in (("time", {"t0": 0}), ("heartbeat", {}), ("typing", {"typing": True})):
        await them.bob.send(kind, **data)
        await them.bob.expect_error("not_allowed")
