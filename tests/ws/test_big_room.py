"""Three hundred come into one room at once, and go again."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from websockets.exceptions import ConnectionClosed

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.limits import CROWD
from tests.live.crowd import ContractFollower, People, PreciseFollower
from tests.peer import Peer, Rest, create_room
from tests.process import ServerProcess
from tests.services.stage import soon
from tests.ws.cast import ask_to_join, fresh_key

NEWCOMERS = 300
AT_ONCE = 30  # on their way through the door
PATIENCE = 30.0
PRESENCE = {"user_joined", "user_offline", "user_left", "presence"}


class Spectator:
    """Somebody who reads all the time."""

    def __init__(self, peer: Peer, protocol: int) -> None:
        self.peer = peer
        self.follower = PreciseFollower() if protocol == 2 else ContractFollower()
        self.told: Counter[str] = Counter()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                frame = await self.peer.read()
                self.told[frame["type"]] += 1
                if frame["type"] == "room_update" or "seq" in frame:
                    self.follower.hear(self.peer.frames[-1])
                self.peer.frames.clear()

    @property
    def people(self) -> People:
        return self.follower.people

    @property
    def of_presence(self) -> int:
        return sum(self.told[kind] for kind in PRESENCE)

    async def ends(self) -> None:
        await self.peer.close()
        await self._reading


class Stadium:
    """A room, whose spectators come through any of the servers, and speak either protocol."""

    def __init__(self, *servers: ServerProcess) -> None:
        self.servers = servers
        self.room_id = create_room(servers[0], room_name="Stadium").room_id
        self.spectators: list[Spectator] = []
        self._door = asyncio.Semaphore(AT_ONCE)

    async def come(self, count: int) -> list[Spectator]:
        first = len(self.spectators)
        return await asyncio.gather(*map(self._comes, range(first, first + count)))

    async def _comes(self, number: int) -> Spectator:
        protocol, server = 1 + number % 2, self.servers[number // 2 % len(self.servers)]
        async with self._door:
            peer = await Peer.connect(server, self.room_id)
            spectator = Spectator(peer, protocol)
            self.spectators.append(spectator)
            await ask_to_join(peer, fresh_key(), f"Guest {number}", protocol=protocol)
            await soon(lambda: spectator.told["room_update"], PATIENCE)
        return spectator

    @property
    def people(self) -> People:
        """As REST tells."""
        room = Rest(self.servers[0]).get(f"/api/rooms/{self.room_id}/").body["room"]
        return {user["id"]: (user["name"], user["is_online"]) for user in room["users"]}

    async def everybody_sees(self, spectators: list[Spectator]) -> None:
        people = self.people
        await soon(lambda: all(one.people == people for one in spectators), PATIENCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(one.ends() for one in self.spectators))
        assert not [server for server in self.servers if "Traceback" in server.logged()]


@contextmanager
def told_now_and_then(spectators: list[Spectator]) -> Iterator[None]:
    """Each of them is sent no more frames of who comes and goes than seconds pass, about."""
    before = [one.of_presence for one in spectators]
    began = time.monotonic()
    yield
    bound = 2 + time.monotonic() - began
    told = [one.of_presence - told for one, told in zip(spectators, before, strict=True)]
    # by the contract joins and leaves may come in frames of their own
    assert min(told) >= 1
    assert max(told) <= 2 * bound
    assert bound < NEWCOMERS / 4, "else this proves nothing"


async def many_come_and_go(stadium: Stadium) -> None:
    there = await stadium.come(CROWD)
    await stadium.everybody_sees(there)

    with told_now_and_then(there):
        newcomers = await stadium.come(NEWCOMERS)
        assert len(stadium.people) == 1 + CROWD + NEWCOMERS
        await stadium.everybody_sees(stadium.spectators)

    leaving, staying = newcomers[::2], [*there, *newcomers[1::2]]
    with told_now_and_then(there):
        for one in leaving:
            await one.peer.send("leave")
        await soon(lambda: len(stadium.people) == 1 + len(staying), PATIENCE)
        await stadium.everybody_sees(staying)
    for one in leaving:
        assert await one.peer.closed() == Close.LEFT
        assert one.told["user_left"] >= 1, "each by its own event"


async def test_nobody_is_told_of_each_who_comes_or_goes(server: ServerProcess) -> None:
    async with Stadium(server) as stadium:
        await many_come_and_go(stadium)


async def test_nor_of_who_does_so_on_another_server(
    two_servers: tuple[ServerProcess, ServerProcess],
) -> None:
    async with Stadium(*two_servers) as stadium:
        await many_come_and_go(stadium)
