"""Two machines whose clocks are seconds apart: members of one room on both see the same instant."""

from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.peer import Peer, Rest
from tests.process import ServerProcess
from tests.services.stage import soon
from tests.ws.conftest import Knock
from tests.ws.intime import Evening, done, evening, heard, here

pytestmark = pytest.mark.servers

APART = 100  # ms: how far apart two of a busy machine's answers may be


def server_off_by(start_server: StartServer, folder: Path, seconds: float) -> ServerProcess:
    """A process on a machine that is wrong about the time; the product knows nothing of it."""
    shift = f"import time\nright = time.time\ntime.time = lambda: right() + {seconds}\n"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(shift)
    return start_server(env={"PYTHONPATH": str(folder)})


@pytest.fixture(params=[7.0, -1.5, -7.0])
def wrong_server(
    request: pytest.FixtureRequest, start_server: StartServer, tmp_path: Path
) -> ServerProcess:
    return server_off_by(start_server, tmp_path / "shift", request.param)


@pytest.fixture
async def them(server: ServerProcess, wrong_server: ServerProcess, knock: Knock) -> Evening:
    """Alice and Bob on a machine that knows the time, and whoever joins on one that does not."""
    them = await evening(knock, server)
    them.server = wrong_server
    return them


async def clock_of(peer: Peer) -> float:
    """How far (ms) the server's clock is from this machine's."""
    t0 = here()
    stamps = (await heard(peer))["data"]
    return float((stamps["t1"] - t0 + stamps["t2"] - here()) / 2)


async def test_the_database_servers_clock_is_everybodys(them: Evening) -> None:
    charlie = await them.join("Charlie")

    assert abs(await clock_of(them.alice)) < APART
    assert abs(await clock_of(charlie)) < APART
    await soon(lambda: "the clock was" in them.server.logged())


async def test_a_start_is_ahead_for_everybody(them: Evening) -> None:
    charlie = await them.join("Charlie")
    await them.alice.send("play", position=120)
    plays = [await peer.expect("play") for peer in (them.alice, them.bob, charlie)]

    assert plays[0] == plays[1] == plays[2]
    assert here() - APART < plays[0]["data"]["at"] < here() + 2_000


async def test_what_is_played_over_the_wrong_machine_is_right(them: Evening) -> None:
    wish = {"user_id": them.alice.key, "action": "play", "position": 120}
    asked = here()
    answer = Rest(them.server).post(f"/api/rooms/{them.room_id}/control/", wish)
    assert answer.status == 200, answer.body

    play = (await them.bob.expect("play"))["data"]
    assert asked + 250 - APART <= play["at"] <= here() + 2_000


async def test_the_video_is_at_the_same_place_whomever_one_asks(
    them: Evening, server: ServerProcess
) -> None:
    await them.is_playing()
    rooms = [
        Rest(asked).get(f"/api/rooms/{them.room_id}/").body["room"]
        for asked in (server, them.server)
    ]

    places = [room["current_position"] - room["server_time"] / 1000 for room in rooms]
    if all(room["current_position"] > 100 for room in rooms):
        assert places[0] == pytest.approx(places[1], abs=APART / 1000)
    assert abs(rooms[0]["server_time"] - rooms[1]["server_time"]) < 1_000


async def test_who_comes_in_there_moves_nobody(them: Evening) -> None:
    await them.is_playing()
    await them.join("Charlie")
    seq = await done(them.alice, "chat", text="did it jump?")

    await them.bob.nothing_until("chat", of=["seek", "play", "pause", "room_update"])
    assert seq == them.bob.seen("chat")[-1]["seq"]
