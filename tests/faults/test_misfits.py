"""Who does not read, whose line is dead, who floods: all others watch on undisturbed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from syncplay_backend.domain.close_codes import Close
from tests.conftest import StartServer
from tests.faults.audit import audit
from tests.faults.crossing import median_crossing
from tests.faults.crowd import Crowd
from tests.faults.member import Member
from tests.faults.signs import MIB, nothing_unhandled, resident
from tests.peer import Peer
from tests.process import ServerProcess
from tests.proxy import Proxy

LONG_LINE = "🎉" * 2_000  # 8 kB on the wire
LINES_A_SECOND = 100
NOTICED = 60.0  # seconds: a ping is sent every 20, and its answer waited for as long
MEMORY = 128 * MIB
FLOODS = 20
FRAMES = 3_000
BEARABLE = 1_000.0  # ms


@pytest.fixture
def server(start_server: StartServer) -> ServerProcess:
    """One without a past: its memory is looked at."""
    return start_server()


@pytest.fixture
async def line(server: ServerProcess) -> AsyncIterator[Proxy]:
    async with Proxy.before(server.port) as proxy:
        yield proxy


@pytest.mark.servers
async def test_who_does_not_read_and_whose_line_is_dead_are_given_up_and_come_back(
    server: ServerProcess, line: Proxy
) -> None:
    async with Crowd.gather([server], rooms=1) as crowd:
        others = list(crowd.members)
        deaf = await crowd.join("Charlie the deaf")
        cut_off = await crowd.join("Charlie in the tunnel", line, server)
        before = resident(server)
        deaf.stop_reading()
        line.listens = line.answers = False
        talking = asyncio.create_task(talk(others))
        await crowd.until(lambda: all(has_missed(member, deaf) for member in others), NOTICED)
        talking.cancel()
        assert resident(server) - before < MEMORY
        await crowd.until(lambda: all(has_missed(member, cut_off) for member in others), NOTICED)
        deaf.read_again()
        line.cut()
        await audit(crowd, refreshed=[deaf, cut_off])
        assert [len(member.visits) for member in crowd.members] == [1, 1, 1, 1, 2, 2]
    nothing_unhandled(server)


async def talk(members: list[Member]) -> None:
    """More than all buffers on the way can hold."""
    for number in range(1_000_000):
        members[number % len(members)].say("chat", text=LONG_LINE)
        await asyncio.sleep(1 / LINES_A_SECOND)


def has_missed(member: Member, other: Member) -> bool:
    assert member.session.room
    return not member.session.room.members[other.seat.public_id].is_online


async def test_who_floods_is_shut_out_and_slows_nobody(start_server: StartServer) -> None:
    server = start_server(env={"RATE_LIMITS": "on"})
    async with Crowd.gather([server], rooms=1) as crowd:
        alice, bob = crowd.members[:2]
        before = resident(server)
        floods = [asyncio.create_task(flood(server, alice.seat.room_id)) for _ in range(FLOODS)]
        assert await median_crossing(alice, bob) < BEARABLE
        assert {await one for one in floods} == {Close.FLOOD}
        assert resident(server) - before < MEMORY
        await audit(crowd)
    nothing_unhandled(server)


async def flood(server: ServerProcess, room_id: str) -> int:
    """As many frames as the line carries; the code with which that ends."""
    charlie = await Peer.connect(server, room_id)
    await charlie.join(str(uuid4()), f"Charlie {uuid4()}", protocol=2)
    with contextlib.suppress(ConnectionClosed):
        for _ in range(FRAMES):
            await charlie.raw('{"type": "chat", "data": {"text": "and again"}}')
    return await charlie.closed()
