"""SIGTERM under load: everybody is told when to come back, and nothing in flight is lost."""

import asyncio
import time

from syncplay_backend.domain.close_codes import Close
from tests.conftest import StartServer
from tests.faults.audit import audit, history
from tests.faults.crowd import Crowd
from tests.faults.member import Visit
from tests.faults.signs import nothing_unhandled
from tests.process import ServerProcess
from tests.servers import Leg

STOPS_WITHIN = 10.0
SPREAD = 1.0  # seconds: fifteen who were told at random differ by more than that


async def test_a_server_is_stopped_and_started_again(start_server: StartServer, leg: Leg) -> None:
    """One process; where they can see each other, two workers."""
    server = start_server(arguments=["--workers", "2" if leg.with_servers else "1"])
    async with Crowd.gather([server], viewers=4) as crowd:
        crowd.be_busy(per_second=100)
        await crowd.answers(200)
        await it_stops_in_time(server)
        everybody_was_told_when_to_come_back([member.visits[-1] for member in crowd.members])
        await crowd.rest()  # who comes back last would have missed more than can be told
        await asyncio.to_thread(server.start)
        await crowd.all_are_here()
        crowd.be_busy()
        await crowd.answers(100)
        await audit(crowd)
        nobody_was_missed(crowd)
    nothing_unhandled(server)


async def it_stops_in_time(server: ServerProcess) -> None:
    began = time.monotonic()
    await asyncio.to_thread(server.stop)
    assert time.monotonic() - began < STOPS_WITHIN


def everybody_was_told_when_to_come_back(visits: list[Visit]) -> None:
    waits = []
    for visit in visits:
        assert visit.code == Close.RESTARTING
        last = visit.frames[-1]
        assert (last.type, last.data["code"]) == ("error", "unavailable")
        waits.append(last.data["retryAfter"])
    assert max(waits) - min(waits) > SPREAD


def nobody_was_missed(crowd: Crowd) -> None:
    """They were away for less than the grace, and for nobody to see."""
    for room_id in crowd.room_ids:
        happened = {message["type"] for message in history(crowd.servers[0], room_id)}
        assert not happened & {"user_offline", "user_left", "host_changed"}
