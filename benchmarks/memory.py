"""Memory: what a connection costs that only sits there, 5,000 of them in rooms of five.

python -m benchmarks.memory
"""

import asyncio

from benchmarks.cpu import Meter, resident
from benchmarks.figures import Result, Wish, command
from benchmarks.load import Tally, enter_all, everybody, leave_all, open_rooms
from benchmarks.servers import Server, SyncPlay, TutorialChannels, bare_relay, running

ROOMS, MEMBERS, FIRST = 1_000, 5, 10
FIGURE = "KiB per connection"


async def measure(wish: Wish, result: Result) -> None:
    for server in (SyncPlay(given=wish.given), TutorialChannels(), bare_relay(small=wish.small)):
        with running(server):
            await fill_and_sit(server, wish, result)
    result.aim(FIGURE, "SyncPlay", "≤ 35")


async def fill_and_sit(server: Server, wish: Wish, result: Result) -> None:
    """The first few are not counted: they load what the server loads but once."""
    rooms = await open_rooms(server, wish.size(ROOMS, 20), MEMBERS, Tally())
    await enter_all(everybody(rooms[:FIRST]))
    before = resident(server.pid)
    await enter_all(everybody(rooms[FIRST:]))
    await asyncio.sleep(wish.seconds)
    grown = max(resident(server.pid) - before, 1)
    meter = Meter({"server": server.pid})
    await asyncio.sleep(wish.seconds)
    used = meter.read()
    connections = len(everybody(rooms[FIRST:]))
    leave_all(rooms)
    result.add(
        server.title,
        **{
            FIGURE: grown / 1024 / connections,
            "connections": connections,
            "MiB before": before / 1024**2,
            "idle, CPU ms a member-minute": used.server / used.wall * 60_000 / connections,
        },
    )


if __name__ == "__main__":
    command("memory", measure, __doc__)
