"""Two workers over Valkey: what a delivery costs, against one worker with the same databases.

python -m benchmarks.two_workers

A member's worker is whichever takes its connection, so nearly every room lies in both.
"""

from benchmarks.figures import Result, Wish, command, latencies
from benchmarks.load import Tally, enter_all, everybody, leave_all, open_rooms, seek_in_all
from benchmarks.servers import DurablePostgres, SyncPlay, Valkey, databases, running

SHAPES = {"1 x 500": (1, 500), "100 x 4": (100, 4)}  # rooms, and members of each
FIGURE = "µs per delivery"


async def measure(wish: Wish, result: Result) -> None:
    with databases(*((Valkey,) if wish.given else (DurablePostgres, Valkey))) as (env, pids):
        for workers in (1, 2):
            server = SyncPlay(f"workers: {workers}", env=env, workers=workers, given=wish.given)
            with running(server):
                for shape in SHAPES:
                    await fill_and_seek(server, shape, wish, result, {"server": server.pid, **pids})
    for shape in SHAPES:
        result.compare(FIGURE, f"workers: 2, {shape}", f"workers: 1, {shape}", "≤ 1.2")


async def fill_and_seek(
    server: SyncPlay, shape: str, wish: Wish, result: Result, pids: dict[str, int]
) -> None:
    count, size = SHAPES[shape]
    rooms = await open_rooms(server, wish.size(count, 1), wish.size(size, 4), Tally())
    await enter_all(everybody(rooms))
    run = await seek_in_all(rooms, wish.seconds, pids)
    leave_all(rooms)
    title = f"{server.title}, {shape}"
    each = {name: used / run.deliveries * 1e6 for name, used in run.used.of.items()}
    server_each = each.pop("server")
    result.add(
        title,
        **{FIGURE: server_each, "deliveries/s": run.deliveries / run.used.wall},
        **latencies(run.latencies),
        **{f"{name} µs": cost for name, cost in each.items()},
        **{
            "server core": f"{run.used.server_share:.0%}",
            "load core": f"{run.used.load_share:.0%}",
        },
    )
    result.judge_load(title, run.used)


if __name__ == "__main__":
    command("two workers", measure, __doc__, seconds=4, rounds=3)
