"""Storm: 100 rooms of four, and every host seeks in a closed loop.

python -m benchmarks.storm

Each command of SyncPlay is on the disk before anybody hears of it: on SQLite, then on PostgreSQL.
The baselines keep nothing.
"""

from benchmarks.figures import Result, Wish, command, latencies
from benchmarks.load import Tally, enter_all, everybody, leave_all, open_rooms, seek_in_all
from benchmarks.servers import (
    DurablePostgres,
    Server,
    SyncPlay,
    TutorialChannels,
    bare_relay,
    databases,
    running,
)

ROOMS, MEMBERS = 100, 4
FIGURE = "commands per CPU s"
SQLITE, POSTGRESQL = "SyncPlay, SQLite", "SyncPlay, PostgreSQL"


async def measure(wish: Wish, result: Result) -> None:
    title = "SyncPlay, given" if wish.given else SQLITE
    for server in (
        SyncPlay(title, given=wish.given),
        TutorialChannels(),
        bare_relay(small=wish.small),
    ):
        with running(server):
            await fill_and_seek(server, wish, result, {})
    if not wish.given:
        await measure_postgresql(wish, result)
    for ours in (SQLITE, POSTGRESQL):
        result.aim(FIGURE, ours, "≥ 8,000, then towards 14,000")
        result.compare(FIGURE, ours, "bare relay", "nothing; the relay keeps nothing")


async def measure_postgresql(wish: Wish, result: Result) -> None:
    with (
        databases(DurablePostgres) as (env, pids),
        running(SyncPlay(POSTGRESQL, env=env)) as server,
    ):
        await fill_and_seek(server, wish, result, pids)


async def fill_and_seek(server: Server, wish: Wish, result: Result, beside: dict[str, int]) -> None:
    rooms = await open_rooms(server, wish.size(ROOMS, 3), MEMBERS, Tally())
    await enter_all(everybody(rooms))
    run = await seek_in_all(rooms, wish.seconds, {"server": server.pid, **beside})
    leave_all(rooms)
    databases = {f"{name} ms": run.used.of[name] / run.turns * 1000 for name in beside}
    result.add(
        server.title,
        **{
            FIGURE: run.turns / run.used.server,
            "commands/s": run.turns / run.used.wall,
            **latencies(run.latencies),
            "server core": f"{run.used.server_share:.0%}",
            "load core": f"{run.used.load_share:.0%}",
            **databases,
        },
    )
    result.judge_load(server.title, run.used)


if __name__ == "__main__":
    command("storm", measure, __doc__)
