"""`kill -9`, as a crash or a lost machine is: what was acknowledged is done, and is done once."""

import asyncio

import pytest

from tests.conftest import StartServer
from tests.faults.audit import audit
from tests.faults.crowd import Crowd
from tests.process import ServerProcess


@pytest.mark.servers
async def test_of_two_servers_one_is_killed_and_its_members_go_on_with_the_other(
    pair: tuple[ServerProcess, ServerProcess],
) -> None:
    doomed, survivor = pair
    async with Crowd.gather([doomed, survivor]) as crowd:
        crowd.be_busy()
        await crowd.answers(50)
        await asyncio.to_thread(doomed.kill)
        crowd.servers = [survivor]
        await crowd.answers(150)
        await audit(crowd)
        assert all(member.visits[-1].ws_url == survivor.ws_url for member in crowd.members)
        assert any(len(member.visits) > 1 for member in crowd.members)


async def test_the_only_server_is_killed_and_started_again(start_server: StartServer) -> None:
    server = start_server()
    async with Crowd.gather([server]) as crowd:
        crowd.be_busy()
        for _ in range(2):
            await crowd.answers(50)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            await crowd.all_are_here()
        await crowd.answers(50)
        await audit(crowd)
        assert all(len(member.visits) == 3 for member in crowd.members)
