"""Doors: 1,000 come in within seconds, then all lose their connection and come back at once.

python -m benchmarks.doors

In is who has been sent the room. SyncPlay writes each join down, the baselines do not. Whoever
comes for the first time does so in two ways: 64 at a time, each when another one is in, so that a
server is never given more than a few at once; and all within the same moment, as when an evening
begins.
"""

import asyncio
from time import perf_counter

from benchmarks.cpu import Meter
from benchmarks.figures import Result, Wish, command, latencies
from benchmarks.load import Member, Tally, enter_all, everybody, open_rooms
from benchmarks.servers import Server, SyncPlay, TutorialChannels, bare_relay, running

ROOMS, MEMBERS = 200, 5
CROWD = 500  # in one room
COMING, AT_ONCE, BACK = "come, 64 at a time", "come, all at once", "come back, all at once"
CROWDING = f"{CROWD} into one room"
FIGURE = "joins/s"


async def measure(wish: Wish, result: Result) -> None:
    for server in (SyncPlay(given=wish.given), TutorialChannels(), bare_relay(small=wish.small)):
        with running(server):
            everyone = await invite(server, wish)
            await let_in(server, COMING, everyone, result)
            await lose(everyone)
            everyone = await invite(server, wish)
            await let_in(server, AT_ONCE, everyone, result, at_once=len(everyone))
            await lose(everyone)
            await let_in(server, BACK, everyone, result, at_once=len(everyone))
            await lose(everyone)
            (crowded,) = await open_rooms(server, 1, wish.size(CROWD, 20), Tally())
            await let_in(server, CROWDING, crowded.members, result)
            await lose(crowded.members)
    for what in (COMING, AT_ONCE, BACK):
        result.aim(FIGURE, f"SyncPlay: {what}", "≥ 1,500")


async def invite(server: Server, wish: Wish) -> list[Member]:
    return everybody(await open_rooms(server, wish.size(ROOMS, 4), MEMBERS, Tally()))


async def let_in(
    server: Server, what: str, members: list[Member], result: Result, at_once: int = 64
) -> None:
    meter, began = Meter({"server": server.pid}), perf_counter()
    waits = await enter_all(members, at_once)
    wall, used = perf_counter() - began, meter.read()
    title = f"{server.title}: {what}"
    result.add(
        title,
        **{
            FIGURE: len(members) / wall,
            "joins per CPU s": len(members) / used.server,
            **latencies(waits),
            "server core": f"{used.server_share:.0%}",
            "load core": f"{used.load_share:.0%}",
        },
    )
    result.judge_load(title, used)
    members[0].room.tally.check()


async def lose(members: list[Member]) -> None:
    """All sockets break at the same moment; nobody says goodbye."""
    for member in members:
        member.vanish()
    await asyncio.sleep(0)


if __name__ == "__main__":
    command("doors", measure, __doc__)
