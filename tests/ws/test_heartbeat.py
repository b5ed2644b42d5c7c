"""Is the server there, and what time has it?"""

import time

from tests.conftest import GiveParty
from tests.peer import create_room
from tests.process import ServerProcess
from tests.ws.conftest import Knock


async def test_a_heartbeat_tells_the_time(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    before = time.time() * 1000

    await them.alice.send("heartbeat")
    answer = await them.alice.read()

    assert answer["type"] == "heartbeat"
    assert set(answer["data"]) == {"timestamp", "at"}
    assert isinstance(answer["data"]["at"], int)
    assert answer["data"]["timestamp"] == answer["data"]["at"] / 1000
    assert before - 50 <= answer["data"]["at"] <= time.time() * 1000 + 50


async def test_a_heartbeat_is_answered_before_the_join(server: ServerProcess, knock: Knock) -> None:
    charlie = await knock(server, create_room(server).room_id)
    await charlie.send("heartbeat")

    assert (await charlie.read())["type"] == "heartbeat"


async def test_a_heartbeat_is_no_event(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    await them.alice.send("heartbeat")
    answer = await them.alice.expect("heartbeat")

    assert set(answer) == {"type", "data"}
    await them.bob.nothing_until("heartbeat")


async def test_a_heartbeat_may_bear_anything(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    for text in (
        '{"type": "heartbeat"}',
        '{"type": "heartbeat", "data": null}',
        '{"type": "heartbeat", "data": {"timestamp": "now"}, "sent": 1}',
    ):
        await them.alice.raw(text)
        assert (await them.alice.read())["type"] == "heartbeat"


async def test_time_never_steps_back(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    instants = []
    for _ in range(20):
        await them.alice.send("heartbeat")
        instants.append((await them.alice.expect("heartbeat"))["data"]["at"])

    assert instants == sorted(instants)
