"""Party night: 5,000 members in rooms of five live as people do who watch together.

python -m benchmarks.party_night

Each asks for the time every 12 s, tells its player's status every 5 s and chats every 30 s; each
host seeks once a minute. What counts is the CPU of it, and how long the last member waits.
"""

import asyncio
import heapq
import random
from time import perf_counter

from benchmarks.cpu import Meter
from benchmarks.figures import Result, Wish, command, latencies
from benchmarks.load import Member, Room, Tally, enter_all, everybody, leave_all, open_rooms
from benchmarks.servers import Server, SyncPlay, TutorialChannels, bare_relay, running

ROOMS, MEMBERS = 1_000, 5
BASELINE_ROOMS = 200  # what a member costs is the same there
EVERY = {"time": 12.0, "status": 5.0, "chat": 30.0, "seek": 60.0}  # seconds; seeks by hosts only
SAYS = {
    "time": '{{"t0":{0:.3f}}}',
    "status": '{{"state":"ready","position":{0:.3f},"rate":1,"offset":3.5}}',
    "chat": '{{"text":"Did you see that? At {0:.3f}!"}}',
}
STEP = 0.01  # seconds
WARM_UP = 0.3  # of the window: till then statuses are new to everybody
FIGURE = "CPU ms a member-minute"
UNKNOWN = "There is no type “{}”"


class Guest(Member):
    """Speaks protocol 2. What a server does not know yet it is not asked again."""

    def __init__(self, room: Room, key: str | None = None) -> None:
        super().__init__(room, key)
        self.protocol = 2
        self.unknown: set[str] = set()

    def refused(self, text: str) -> None:
        named = {kind for kind in EVERY if UNKNOWN.format(kind) in text}
        self.unknown |= named
        if not named:
            super().refused(text)

    def live(self, kind: str, now: float) -> None:
        if kind == "seek":
            if not self.room.waiting:
                self.room.seek()
        elif kind not in self.unknown:
            self.say(f'{{"type":"{kind}","data":{SAYS[kind].format(now)}}}')


class Evening:
    """Who has what to say, and when next; all of it spread evenly over time."""

    def __init__(self, rooms: list[Room], *, silent: set[str]) -> None:
        self._due: list[tuple[float, int, str]] = []
        self._guests = [guest for guest in everybody(rooms) if isinstance(guest, Guest)]
        now = perf_counter()
        for number, guest in enumerate(self._guests):
            for kind in EVERY.keys() - silent:
                if kind != "seek" or guest.is_host:
                    first = now + EVERY[kind] * random.random()
                    heapq.heappush(self._due, (first, number, kind))

    async def go_on(self) -> None:
        while True:
            now = perf_counter()
            while self._due[0][0] <= now:
                due, number, kind = self._due[0]
                self._guests[number].live(kind, now)
                heapq.heapreplace(self._due, (due + EVERY[kind], number, kind))
            await asyncio.sleep(STEP)

    @property
    def unknown(self) -> set[str]:
        return set().union(*(guest.unknown for guest in self._guests))


async def measure(wish: Wish, result: Result) -> None:
    for server in (SyncPlay(given=wish.given), TutorialChannels(), bare_relay(small=wish.small)):
        full = ROOMS if isinstance(server, SyncPlay) else BASELINE_ROOMS
        with running(server):
            await celebrate(server, wish.size(full, 20), wish, result)
    result.aim(FIGURE, "SyncPlay", "≤ 2")
    result.aim("p99 ms", "SyncPlay", "≤ 50")
    result.note("the baselines are not asked for the time, and relay every status at once")


async def celebrate(server: Server, count: int, wish: Wish, result: Result) -> None:
    rooms = await open_rooms(server, count, MEMBERS, tally := Tally(), Guest)
    await enter_all(everybody(rooms))
    silent = set() if isinstance(server, SyncPlay) else {"time"}
    evening = Evening(rooms, silent=silent)
    going = asyncio.ensure_future(evening.go_on())
    await asyncio.sleep(wish.seconds * WARM_UP)
    turns = len(tally.latencies)
    meter = Meter({"server": server.pid})
    await asyncio.sleep(wish.seconds)
    used = meter.read()
    going.cancel()
    leave_all(rooms)
    if tally.errors:
        result.note(f"{server.title} refused {len(tally.errors)} times, first: {tally.errors[0]}")
    minutes = used.wall / 60 * count * MEMBERS
    result.add(
        server.title,
        **{FIGURE: used.server * 1000 / minutes, "members": count * MEMBERS},
        **latencies(tally.latencies[turns:]),
        **{
            "commands": len(tally.latencies) - turns,
            "server core": f"{used.server_share:.0%}",
            "load core": f"{used.load_share:.0%}",
        },
    )
    result.judge_load(server.title, used)
    if evening.unknown:
        spoken = ", ".join(sorted(evening.unknown))
        result.note(f"{server.title} does not know yet, so nobody said it: {spoken}")


if __name__ == "__main__":
    command("party night", measure, __doc__, seconds=20)
