"""Many members in one room, each with a player, and how far they are from one another."""

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle

from msgspec import Struct

from syncplay_client.connection import RoomConnection, connect
from syncplay_client.link import local_time
from syncplay_client.player import VirtualPlayer
from syncplay_client.rest import create_room

MOST_MEMBERS = 500
MOST_SECONDS = 3_600
ARRIVALS_AT_ONCE = 20
LOOK_EVERY = 0.25  # s
SETTLE = 2.0  # s: after a command nobody is held to anything for so long
TURN_EVERY = 8.0  # s
VIDEO = "https://example.com/film.mp4"


class Report(Struct, frozen=True):
    """Errors in milliseconds of time."""

    members: int
    seconds: float
    commands: int
    measured: int
    apart_p50: float  # from the middle of all players, at one instant
    apart_p95: float
    apart_max: float
    off_p95: float  # from the room, as each member itself has it
    worst_uncertainty: float  # of a member's clock: half its least round trip, mostly

    def __str__(self) -> str:
        return (
            f"{self.members} members, {self.seconds:.0f} s, {self.commands} commands, "
            f"{self.measured} measurements\n"
            f"from one another: p50 {self.apart_p50:.1f} ms, p95 {self.apart_p95:.1f} ms, "
            f"max {self.apart_max:.1f} ms\n"
            f"from the room:    p95 {self.off_p95:.1f} ms, by clocks that are off by "
            f"{self.worst_uncertainty:.1f} ms at most"
        )


class _Viewer(Struct):
    room: RoomConnection
    player: VirtualPlayer


async def load(url: str, members: int, seconds: float) -> Report:
    """Open a room on the server, fill it, command it, and measure."""
    members = min(max(members, 1), MOST_MEMBERS)
    seconds = min(seconds, MOST_SECONDS)
    async with _full_room(url, members) as viewers:
        measurements = _Measurements(viewers)
        host = asyncio.create_task(_host(viewers[0].room, measurements))
        try:
            await _measure(measurements, local_time() + seconds * 1000)
        finally:
            host.cancel()
        if host.done() and not host.cancelled():
            host.result()
        return measurements.report(seconds)


@asynccontextmanager
async def _full_room(url: str, members: int) -> AsyncIterator[list[_Viewer]]:
    seat = await create_room(url, "Load", "Host", video_url=VIDEO, visibility="unlisted")
    gate = asyncio.Semaphore(ARRIVALS_AT_ONCE)
    async with AsyncExitStack() as stack:

        async def seat_one(number: int) -> _Viewer:
            key = seat.key if number == 0 else None
            name = seat.name if number == 0 else f"Viewer {number}"
            async with gate:
                room = await stack.enter_async_context(connect(url, seat.room_id, name, key=key))
            player = VirtualPlayer(local_time)
            room.follow(player)
            return _Viewer(room, player)

        yield list(await asyncio.gather(*(seat_one(number) for number in range(members))))


async def _host(room: RoomConnection, measurements: "_Measurements") -> None:
    for number, kind in enumerate(cycle(("play", "seek", "pause"))):
        measurements.commanded()
        match kind:
            case "seek":
                await room.seek(60.0 + 30 * number)
            case "pause":
                await room.pause()
            case _:
                await room.play()
        await asyncio.sleep(TURN_EVERY if kind != "pause" else SETTLE)


async def _measure(measurements: "_Measurements", end: float) -> None:
    while local_time() < end:
        await asyncio.sleep(LOOK_EVERY)
        measurements.look()


class _Measurements:
    def __init__(self, viewers: list[_Viewer]) -> None:
        self._viewers = viewers
        self._apart: list[float] = []
        self._off: list[float] = []
        self._commands = 0
        self._settled_from = local_time() + SETTLE * 1000

    def commanded(self) -> None:
        self._commands += 1
        # A scheduled play lies at most two seconds ahead.
        self._settled_from = local_time() + 2 * SETTLE * 1000

    def look(self) -> None:
        if local_time() < self._settled_from:
            return
        rate = self._viewers[0].room.room.timeline.rate
        positions = [viewer.player.true_position for viewer in self._viewers]
        middle = statistics.median(positions)
        self._apart += [abs(position - middle) / rate * 1000 for position in positions]
        self._off += [
            abs(viewer.player.true_position - viewer.room.position) / rate * 1000
            for viewer in self._viewers
        ]

    def report(self, seconds: float) -> Report:
        now = local_time()
        apart = sorted(self._apart) or [float("nan")]
        off = sorted(self._off) or [float("nan")]
        clocks = (viewer.room.session.clock for viewer in self._viewers)
        doubts = [clock.estimate(now).uncertainty for clock in clocks if clock.is_set]
        return Report(
            members=len(self._viewers),
            seconds=seconds,
            commands=self._commands,
            measured=len(self._apart),
            apart_p50=apart[len(apart) // 2],
            apart_p95=apart[int(len(apart) * 0.95)],
            apart_max=apart[-1],
            off_p95=off[int(len(off) * 0.95)],
            worst_uncertainty=max(doubts, default=float("nan")),
        )
