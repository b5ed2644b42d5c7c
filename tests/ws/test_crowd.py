"""Many come and go at once, in every way there is; what is told of them adds up."""

import asyncio
import contextlib
import json
import random
import time

import pytest
from channels.db import database_sync_to_async
from websockets.exceptions import ConnectionClosed

from syncplay_backend.rooms.models import RoomSession
from tests.peer import PATIENCE, Frame, Peer, create_room
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, fresh_key

GUESTS = 8
STEPS = 14


class Guest:
    """Somebody with several tabs, a bad network and no plan."""

    def __init__(self, server: ServerProcess, room_id: str, number: int, seed: int) -> None:
        self.server = server
        self.room_id = room_id
        self.name = f"Guest {number}"
        self.key = fresh_key()
        self.tabs: list[Peer] = []
        self.chance = random.Random(seed * GUESTS + number)

    async def have_a_time(self) -> None:
        for _ in range(STEPS):
            with contextlib.suppress(ConnectionClosed):
                await self._do_something()
        for tab in self.tabs:
            await tab.abort()

    async def _do_something(self) -> None:
        dice = self.chance.random()
        if dice < 0.5 or not self.tabs:
            await self._open_a_tab()
        elif dice < 0.8:
            await self.tabs.pop(self.chance.randrange(len(self.tabs))).abort()
        elif dice < 0.85:
            await self.chance.choice(self.tabs).send("leave")
            self.key = fresh_key()
        else:
            await self.chance.choice(self.tabs).send("play", position=self.chance.randrange(100))

    async def _open_a_tab(self) -> None:
        tab = await Peer.connect(self.server, self.room_id)
        self.tabs.append(tab)
        await ask_to_join(tab, self.key, self.name)
        if self.chance.random() < 0.5:
            await tab.read()


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_told_of_a_crowd_adds_up(server: ServerProcess, seed: int) -> None:
    hosting = create_room(server, settings={"control": "everyone"})
    alice = await Peer.connect(server, hosting.room_id)
    room = await alice.join(hosting.key, protocol=2)
    listening = asyncio.create_task(listen(alice))
    guests = [Guest(server, hosting.room_id, number, seed) for number in range(GUESTS)]

    await asyncio.gather(*(guest.have_a_time() for guest in guests))
    await until_only_alice_is_there(alice, hosting.room_id)
    await alice.close()
    await listening

    events = events_told(alice)
    assert [frame["seq"] - room["seq"] for frame in events] == [*range(1, len(events) + 1)]
    assert "Traceback" not in server.logged()


async def listen(peer: Peer) -> None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await peer.read()


async def until_only_alice_is_there(alice: Peer, room_id: str) -> None:
    """Nobody who went leaves a session behind, and everybody's going is told."""
    count = database_sync_to_async(RoomSession.objects.filter(room_id=room_id).count)
    deadline = time.monotonic() + PATIENCE
    while (left := await count()) > 1 or still_online(events_told(alice)):
        assert time.monotonic() < deadline, (left, still_online(events_told(alice)))
        await asyncio.sleep(0.02)


def events_told(peer: Peer) -> list[Frame]:
    return [frame for text in peer.frames if "seq" in (frame := json.loads(text))]


def still_online(events: list[Frame]) -> set[str]:
    online: set[str] = set()
    for event in events:
        who = event["data"].get("id")
        if event["type"] == "user_joined":
            assert event["data"]["is_online"]
            assert who not in online
            online.add(who)
        elif event["type"] == "user_offline":
            online.remove(who)
        elif event["type"] == "user_left":
            online.discard(who)
    return online
