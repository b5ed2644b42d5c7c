"""Valkey goes, comes back, or muddles its messages: that costs a delay, and nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import pytest

from syncplay_backend.services.mending import STRAGGLER
from syncplay_backend.services.upkeep import BEACON
from tests.conftest import StartServer
from tests.faults.absence import Away, frozen, in_a_thread, killed
from tests.faults.audit import audit
from tests.faults.crossing import crossing, median_crossing
from tests.faults.crowd import Crowd
from tests.faults.member import Member
from tests.faults.muddle import Muddle
from tests.process import ServerProcess
from tests.proxy import Proxy
from tests.valkey import Valkey

pytestmark = pytest.mark.servers

PATIENCE = 20.0
REPAIR = BEACON * 1000  # ms: what the post lost, a beacon brings, within so long


@pytest.fixture
def layer() -> Iterator[Valkey]:
    """A Valkey of this test's own."""
    with Valkey() as valkey:
        yield valkey


@pytest.fixture
def pair(layer: Valkey, start_server: StartServer) -> list[ServerProcess]:
    env = {"REDIS_URL": layer.url}
    return [start_server(env=env), start_server(env=env)]


@pytest.mark.parametrize(
    ("away", "seconds"), [(killed, 0), (killed, 10), (frozen, 5)], ids=["0 s", "10 s", "frozen"]
)
async def test_it_is_away_and_comes_back(
    layer: Valkey, pair: list[ServerProcess], away: Away, seconds: float
) -> None:
    """Nobody loses anything, not even who comes in the meantime; and then it is as fast again."""
    async with Crowd.gather(pair) as crowd:
        alice, bob = crowd.of(crowd.room_ids[0])[:2]
        assert alice.visits[0].ws_url != bob.visits[0].ws_url
        before = await median_crossing(alice, bob)
        assert before < REPAIR / 10
        crowd.be_busy()
        await crowd.answers(30)
        async with contextlib.AsyncExitStack() as evening:
            async with in_a_thread(away(layer)):
                coming = Crowd.gather(pair, rooms=2, viewers=2)
                latecomers = await evening.enter_async_context(coming)
                latecomers.be_busy()
                await asyncio.sleep(seconds)
                await crowd.answers(30)
            await latecomers.answers(30)
            for everybody in (latecomers, crowd):
                await audit(everybody)
                await it_crosses_by_itself(*everybody.members[:2])
                now = await median_crossing(*everybody.members[:2])
                assert now < 3 * before + STRAGGLER * 1000
        assert all(len(member.visits) == 1 for member in crowd.members)


async def it_crosses_by_itself(speaker: Member, listener: Member) -> None:
    """The post is back: news come before any repair could have brought them."""
    async with asyncio.timeout(PATIENCE):
        while await crossing(speaker, listener) > REPAIR / 10:
            pass


@pytest.fixture
async def muddle(layer: Valkey) -> AsyncIterator[tuple[Muddle, Proxy]]:
    """Between Valkey and the servers: of the publications some are lost, and some come late."""
    muddle = Muddle(lose=0.2, overtake=0.3)
    async with Proxy.before(layer.port, alter=muddle.alter) as proxy:
        yield muddle, proxy


async def test_it_loses_and_reorders_publications(
    muddle: tuple[Muddle, Proxy], start_server: StartServer
) -> None:
    muddled, proxy = muddle
    env = {"REDIS_URL": f"redis://127.0.0.1:{proxy.port}/0"}
    pair = [await asyncio.to_thread(start_server, env=env) for _ in range(2)]
    async with Crowd.gather(pair) as crowd:
        crowd.be_busy(per_second=100)
        await crowd.answers(300)
        muddled.lose = 1  # of the last ones nothing that follows tells that they are missing
        await crowd.answers(30)
        await audit(crowd)
    assert muddled.lost > 20
    assert muddled.overtaken > 20
