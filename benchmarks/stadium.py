"""Stadium: one room of 500, whose host seeks in a closed loop.

python -m benchmarks.stadium

What counts is how many sockets one core reaches in a second.
"""

from benchmarks.figures import Result, Wish, command, latencies
from benchmarks.load import Tally, enter_all, everybody, leave_all, open_rooms, seek_in_all
from benchmarks.servers import Server, SyncPlay, TutorialChannels, bare_relay, running

MEMBERS = 500
FIGURE = "deliveries per CPU s"


async def measure(wish: Wish, result: Result) -> None:
    for server in (SyncPlay(given=wish.given), TutorialChannels(), bare_relay(small=wish.small)):
        with running(server):
            await fill_and_seek(server, wish, result)
    result.compare(FIGURE, "SyncPlay", "bare relay", "≥ 1")
    result.compare(FIGURE, "SyncPlay", "tutorial Channels", "≥ 1")


async def fill_and_seek(server: Server, wish: Wish, result: Result) -> None:
    rooms = await open_rooms(server, 1, wish.size(MEMBERS, 10), Tally())
    await enter_all(everybody(rooms))
    run = await seek_in_all(rooms, wish.seconds, {"server": server.pid})
    leave_all(rooms)
    result.add(
        server.title,
        **{
            FIGURE: run.deliveries / run.used.server,
            "deliveries/s": run.deliveries / run.used.wall,
            **latencies(run.latencies),
            "server core": f"{run.used.server_share:.0%}",
            "load core": f"{run.used.load_share:.0%}",
        },
    )
    result.judge_load(server.title, run.used)


if __name__ == "__main__":
    command("stadium", measure, __doc__, seconds=4, rounds=3)
