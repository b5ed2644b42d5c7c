"""The load: members in the hands of picows, which costs less than any server does.

A closed loop: a host says the next thing when the last member of its room has heard the one
before. So the load never asks for more than the server can do, and nothing piles up.
"""

import asyncio
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter
from uuid import uuid4

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.cpu import Meter, Used
from benchmarks.servers import Server

AT_ONCE = 64  # who are on their way in
PATIENCE = 30.0  # seconds to connect and to be let in
WARM_UP = 0.2  # of the window
CALM, CALM_STEP, CALMING = 0.15, 0.5, 20  # of a core, in so many seconds, so often at most
LENGTH = 230  # of a frame that SyncPlay makes of a seek: the relays are given as long ones

JOIN, ROOM_UPDATE = '{"type":"join"', b'{"type":"room_update"'
SEEK, ERROR = b'{"type":"seek"', b'{"type":"error"'


class RefusedError(Exception):
    """The server said no where it should not: the figures would mean nothing."""


@dataclass
class Tally:
    """What all rooms have done so far."""

    turns: int = 0
    deliveries: int = 0
    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    errors: list[str] = field(default_factory=list)
    lost: int = 0  # connections that the server closed

    def check(self) -> None:
        if self.errors:
            raise RefusedError(f"{len(self.errors)} errors, the first: {self.errors[0]}")
        if self.lost:
            raise RefusedError(f"the server closed {self.lost} connections")


class Room:
    """A room, and how many of it have still to hear what its host has said."""

    def __init__(self, id: str, url: str, tally: Tally) -> None:
        self.id = id
        self.url = f"{url}/ws/room/{id}/"
        self.tally = tally
        self.members: list[Member] = []
        self.waiting = 0
        self.position = 0
        self.sent_at = 0.0
        self.goes_on = False  # whether its host has more to say

    def seek(self) -> None:
        self.position += 1
        self.waiting = len(self.members) - 1
        host = self.members[0]
        self.sent_at = perf_counter()
        host.say(host.seek_frame(self.position))

    def all_have_heard(self) -> None:
        tally = self.tally
        tally.latencies.append(perf_counter() - self.sent_at)
        tally.turns += 1
        tally.deliveries += len(self.members) - 1
        if self.goes_on:
            self.seek()

    def heard_so_far(self) -> int:
        """Of the turn that is under way."""
        return len(self.members) - 1 - self.waiting if self.waiting else 0


class Member(WSListener):  # type: ignore[misc]
    def __init__(self, room: Room, key: str | None = None) -> None:
        self.room = room
        self.key = key or str(uuid4())
        self.is_host = not room.members
        self.name = f"Member {len(room.members)}"
        self.protocol = 1
        self.transport: WSTransport | None = None
        self.entered: asyncio.Future[float] | None = None
        self._began = 0.0
        room.members.append(self)

    async def enter(self) -> float:
        """Connect and join; the seconds until the room's snapshot was there."""
        self._began = perf_counter()
        self.entered = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(PATIENCE):
            await ws_connect(lambda: self, self.room.url, websocket_handshake_timeout=PATIENCE)
            return await self.entered

    @property
    def is_in(self) -> bool:
        return self.entered is not None and self.entered.done() and not self.entered.cancelled()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        data = f'{{"userName":"{self.name}","protocol":{self.protocol}}}'
        self.say(f'{JOIN},"userId":"{self.key}","data":{data}}}')

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        text = frame.get_payload_as_bytes()
        if text.startswith(SEEK):
            if not self.is_host:
                room = self.room
                room.waiting -= 1
                if not room.waiting:
                    room.all_have_heard()
        elif frame.msg_type == WSMsgType.CLOSE:
            self.room.tally.lost += 1
            transport.disconnect()
        else:
            self.hear(text)

    def hear(self, text: bytes) -> None:
        if text.startswith(ROOM_UPDATE) and self.entered and not self.entered.done():
            self.entered.set_result(perf_counter() - self._began)
        elif text.startswith(ERROR):
            self.refused(text.decode())

    def refused(self, text: str) -> None:
        self.room.tally.errors.append(text)
        if self.entered and not self.entered.done():
            self.entered.set_exception(RefusedError(text))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.transport = None
        if self.entered and not self.entered.done():
            self.entered.set_exception(ConnectionError("closed before it was let in"))

    def say(self, text: str) -> None:
        if self.transport:
            self.transport.send(WSMsgType.TEXT, text.encode())

    def seek_frame(self, position: int) -> str:
        bare = f'{{"type":"seek","data":{{"position":{position},"padding":""}}}}'
        return bare.replace('""', f'"{"x" * (LENGTH - len(bare))}"')

    def vanish(self) -> None:
        if self.transport:
            self.transport.disconnect(graceful=False)


async def open_rooms(
    server: Server, count: int, size: int, tally: Tally, kind: type[Member] = Member
) -> list[Room]:
    """So many rooms of so many members, nobody in them yet; the first of each is its host."""
    rooms = []
    for _ in range(count):
        id, key = await asyncio.to_thread(server.open_room)
        room = Room(id, server.ws_url, tally)
        kind(room, key)
        for _ in range(size - 1):
            kind(room)
        rooms.append(room)
    return rooms


def everybody(rooms: Iterable[Room]) -> list[Member]:
    return [member for room in rooms for member in room.members]


async def enter_all(members: Iterable[Member], at_once: int = AT_ONCE) -> list[float]:
    """All come in, so many at once; how long each took."""
    gate = asyncio.Semaphore(at_once)

    async def enter(member: Member) -> float:
        async with gate:
            return await member.enter()

    return await asyncio.gather(*map(enter, members))


def leave_all(rooms: Iterable[Room]) -> None:
    for member in everybody(rooms):
        member.vanish()


@dataclass(frozen=True)
class Run:
    """What was done in a window, and what it used."""

    turns: int
    deliveries: int
    latencies: list[float]
    used: Used


async def seek_in_all(rooms: list[Room], seconds: float, pids: dict[str, int]) -> Run:
    """Every host seeks in a closed loop; measured after a warm-up."""
    tally = rooms[0].tally
    for room in rooms:
        room.goes_on = True
        room.seek()
    await asyncio.sleep(seconds * WARM_UP)
    under_way = sum(room.heard_so_far() for room in rooms)
    turns, deliveries, before = tally.turns, tally.deliveries + under_way, len(tally.latencies)
    meter = Meter(pids)
    await asyncio.sleep(seconds)
    used = meter.read()
    heard = tally.deliveries + sum(room.heard_so_far() for room in rooms) - deliveries
    run = Run(tally.turns - turns, heard, list(tally.latencies[before:]), used)
    for room in rooms:
        room.goes_on = False
    tally.check()
    if not run.turns:
        raise RefusedError("nothing that was said reached all within the window")
    return run


async def calm(pid: int) -> None:
    """Wait, within reason, until the server is done with who came and went."""
    for _ in range(CALMING):
        meter = Meter({"server": pid})
        await asyncio.sleep(CALM_STEP)
        if meter.read().server_share < CALM:
            return
