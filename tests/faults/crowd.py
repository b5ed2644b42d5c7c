"""Rooms full of members who do not stop, whatever happens to the servers."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from random import Random
from typing import Any

from tests.faults.member import Member, end
from tests.peer import Rest, Seat, create_room, join_room
from tests.process import ServerProcess
from tests.proxy import Proxy

NAMES = ("Bob", "Charlie", "Dora", "Emil", "Frida")
PATIENCE = 30.0  # seconds: the longest that anything here may take to be right again
LOOK = 0.02

Servers = Sequence[ServerProcess]


class Crowd:
    """Some rooms, whose members are spread over the servers."""

    def __init__(self, servers: Servers, members: list[Member]) -> None:
        self.servers = servers
        self.members = members
        self._busy: asyncio.Task[None] | None = None
        self._dice = Random(1)

    @classmethod
    @contextlib.asynccontextmanager
    async def gather(
        cls, servers: Servers, *, rooms: int = 3, viewers: int = 3
    ) -> AsyncIterator[Crowd]:
        """In each room a host and some viewers, each of whom prefers another server."""
        seats = await asyncio.to_thread(_seats, servers[0], rooms, viewers)
        turns = _in_turns(servers)
        crowd = cls(servers, [])
        try:
            for seat in seats:
                crowd.welcome(Member(seat, next(turns)))
            await crowd.all_are_here()
            yield crowd
        finally:
            await crowd.rest()
            await asyncio.gather(*(member.stop() for member in crowd.members))

    @property
    def room_ids(self) -> list[str]:
        return list(dict.fromkeys(member.seat.room_id for member in self.members))

    @property
    def hosts(self) -> list[Member]:
        return [member for member in self.members if member.name == "Alice"]

    def welcome(self, member: Member) -> Member:
        self.members.append(member)
        member.start()
        return member

    async def join(self, name: str, *ways: ServerProcess | Proxy) -> Member:
        """One more in the first room, and there."""
        seat = await asyncio.to_thread(join_room, self.servers[0], self.room_ids[0], name)
        member = self.welcome(Member(seat, ways or self.servers))
        await self.all_are_here()
        return member

    def of(self, room_id: str) -> list[Member]:
        return [member for member in self.members if member.seat.room_id == room_id]

    def be_busy(self, *, per_second: float = 60.0) -> None:
        """From now on somebody does something, now here, now there."""
        self._busy = asyncio.create_task(self._be_busy(per_second))

    async def rest(self) -> None:
        """Do nothing new."""
        if self._busy:
            await end(self._busy)

    async def _be_busy(self, per_second: float) -> None:
        while True:
            self.do_something(self._dice.choice(self.members))
            await asyncio.sleep(1 / per_second)

    def do_something(self, member: Member) -> str:
        """A line, a jump, a start or a stop: the host mostly controls, the others talk."""
        number = len(member.said)
        if member.name != "Alice":
            return member.say("chat", text=f"{member.name} {number}")
        match number % 4:
            case 0:
                return member.say("seek", position=number)
            case 1:
                return member.say("play", position=number)
            case 2:
                return member.say("pause", position=number)
            case _:
                return member.say("chat", text=f"Alice {number}")

    async def answers(self, count: int) -> None:
        """Wait until so many more commands are acknowledged: the evening is well under way."""
        before = self.acked
        await self.until(lambda: self.acked >= before + count)

    async def all_are_here(self) -> None:
        await self.until(lambda: all(member.session.is_joined for member in self.members))

    @property
    def acked(self) -> int:
        return sum(len(member.acked) for member in self.members)

    async def until(self, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
        try:
            async with asyncio.timeout(patience):
                while not condition():  # noqa: ASYNC110 - any of many frames may make it so
                    await asyncio.sleep(LOOK)
        except TimeoutError:
            raise AssertionError(f"not within {patience:.0f} s: {self._story()}") from None

    async def settle(self) -> None:
        """Let everything be answered, and everybody be there."""
        await self.rest()
        await self.until(lambda: not any(member.unanswered for member in self.members))
        await self.all_are_here()

    async def hear(self, room_id: str, seq: int) -> None:
        await self.until(lambda: all(member.seq >= seq for member in self.of(room_id)))

    async def as_told_by(self, server: ServerProcess, room_id: str) -> dict[str, Any]:
        """The room over REST, at a moment when all have been told as much."""
        while True:
            room = await asyncio.to_thread(room_of, server, room_id)
            await self.hear(room_id, room["seq"])
            if all(member.seq == room["seq"] for member in self.of(room_id)):
                return room

    def _story(self) -> list[str]:
        return [
            f"{member.name} of {member.seat.room_id[:8]}: joined {member.session.is_joined}, "
            f"seq {member.seq}, unanswered {len(member.unanswered)}, {len(member.visits)} visits"
            for member in self.members
        ]


def room_of(server: ServerProcess, room_id: str) -> dict[str, Any]:
    status, _, body = Rest(server).get(f"/api/rooms/{room_id}/")
    assert status == http.client.OK, body
    room: dict[str, Any] = body["room"]
    return room


def _seats(server: ServerProcess, rooms: int, viewers: int) -> list[Seat]:
    seats = []
    for _ in range(rooms):
        hosting = create_room(server)
        seats += [hosting, *(join_room(server, hosting.room_id, n) for n in NAMES[:viewers])]
    return seats


def _in_turns(servers: Servers) -> Iterator[list[ServerProcess]]:
    """The servers, over and over, each time beginning with the next."""
    turn = 0
    while True:
        yield [*servers[turn % len(servers) :], *servers[: turn % len(servers)]]
        turn += 1
