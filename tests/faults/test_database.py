"""PostgreSQL is away while people watch: they watch on, and nobody has to restart us."""

import asyncio
import http.client
from functools import partial

import pytest
from psycopg_pool import ConnectionPool, PoolTimeout

from syncplay_backend.settings import POSTGRESQL
from tests.conftest import StartServer
from tests.faults.absence import Away, frozen, in_a_thread, killed, stopped
from tests.faults.audit import audit
from tests.faults.crowd import Crowd, room_of
from tests.faults.member import Member
from tests.faults.signs import nothing_unhandled
from tests.peer import Rest
from tests.postgres import Postgres
from tests.process import ServerProcess, free_port

pytestmark = pytest.mark.servers

RECOVERY = 5.0  # seconds


@pytest.fixture
def pair(database: Postgres, start_server: StartServer) -> list[ServerProcess]:
    env = database.environment()
    return [start_server(env=env), start_server(env=env)]


@pytest.mark.parametrize(
    "away",
    [stopped, pytest.param(killed, marks=pytest.mark.long), frozen],
    ids=lambda away: away.__name__,
)
async def test_it_is_away_mid_play(
    database: Postgres, pair: list[ServerProcess], away: Away
) -> None:
    async with Crowd.gather(pair) as crowd:
        crowd.be_busy()
        await crowd.answers(50)
        async with in_a_thread(away(database)):
            await crowd.until(lambda: all(m.put_off["unavailable"] for m in crowd.members))
            await it_is_told_over_rest_too(crowd)
            await playback_goes_on(crowd)
        await it_is_all_right_again(crowd)
        await crowd.answers(50)
        await audit(crowd, refreshed=crowd.members)
        assert all(len(member.visits) == 1 for member in crowd.members)
    for server in pair:
        nothing_unhandled(server, errors=True)


async def it_is_told_over_rest_too(crowd: Crowd) -> None:
    host = crowd.members[0]
    path = f"/api/rooms/{host.seat.room_id}/control/"
    wish = {"user_id": host.seat.key, "action": "pause"}
    asking = (asyncio.to_thread(Rest(server).post, path, wish) for server in crowd.servers)
    for status, headers, body in await asyncio.gather(*asking):
        assert (status, body["code"]) == (http.client.SERVICE_UNAVAILABLE, "unavailable")
        assert int(headers["Retry-After"]) > 0


async def playback_goes_on(crowd: Crowd) -> None:
    """All are still there, are told the time, and of each other, from process to process."""
    for member in crowd.members:
        member.mention("time", t0=-1)
    await crowd.until(lambda: all(told(member, "time", t0=-1) for member in crowd.members))
    for room_id in crowd.room_ids:
        alice, bob = crowd.of(room_id)[:2]
        assert alice.visits[-1].ws_url != bob.visits[-1].ws_url
        alice.mention("typing", typing=True)
        await crowd.until(partial(told, bob, "typing", id=alice.seat.public_id))
    assert all(member.session.is_joined for member in crowd.members)


async def it_is_all_right_again(crowd: Crowd) -> None:
    """At once, and at every door, however long it was away."""
    acked = crowd.acked
    await crowd.until(lambda: crowd.acked > acked, RECOVERY)
    async with asyncio.timeout(RECOVERY):
        for server in crowd.servers:
            while not await asyncio.to_thread(server.is_ready):
                pass
            await asyncio.to_thread(room_of, server, crowd.room_ids[0])


def told(member: Member, kind: str, **data: object) -> bool:
    return any(frame.type == kind and data.items() <= frame.data.items() for frame in member.frames)


def test_who_asks_after_an_outage_waits_for_no_earlier_attempt() -> None:
    """The pool has given up by then, and begins anew at once; by itself it waits ever longer."""
    nowhere = {"host": "127.0.0.1", "port": free_port(), "dbname": "x", "connect_timeout": 1}
    with ConnectionPool(kwargs=nowhere, **POSTGRESQL["OPTIONS"]["pool"]) as pool:
        with pytest.raises(PoolTimeout):
            pool.getconn()
        assert pool.get_stats()["pool_size"] == 0
