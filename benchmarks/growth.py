"""Growth: does a delivery cost the same in a room of 50 and of 5,000, and a command in 10 rooms
and in 1,000?

python -m benchmarks.growth

A room is filled for 40 s; who has not come in by then stays outside. The bare relay, which keeps
nothing and looks nothing up, shows how much of it is the machine: its caches, and the kernel's
sockets.
"""

import asyncio

from benchmarks.figures import Result, Wish, command, latencies
from benchmarks.load import (
    RefusedError,
    Room,
    Run,
    Tally,
    calm,
    enter_all,
    everybody,
    leave_all,
    open_rooms,
    seek_in_all,
)
from benchmarks.servers import Server, SyncPlay, bare_relay, running

SIZES = (50, 500, 5_000)
COUNTS = (10, 100, 1_000)
MEMBERS = 4  # of each of many rooms
FILLING = 40.0  # seconds


async def measure(wish: Wish, result: Result) -> None:
    sizes = (4, 8) if wish.small else SIZES
    counts = (2, 3) if wish.small else COUNTS
    with running(SyncPlay(given=wish.given)) as server:
        await grow(server, [(count, MEMBERS) for count in counts], wish, result)
        await grow(server, [(1, size) for size in sizes], wish, result)
    with running(bare_relay(small=wish.small)) as relay:
        await grow(relay, [(count, MEMBERS) for count in counts], wish, result)


async def grow(server: Server, shapes: list[tuple[int, int]], wish: Wish, result: Result) -> None:
    """Measure rooms and members of each, and set what is large beside what is small."""
    ours = isinstance(server, SyncPlay)
    wanted = "within 20 % of 1" if ours else "nothing; it is the machine's part"
    smallest = ""
    for count, size in shapes:
        rooms = await open_rooms(server, count, size, Tally())
        await fill(rooms)
        await calm(server.pid)
        came = len(rooms[0].members)
        if came < size:
            result.note(f"of {size:,} members {came:,} came in within {FILLING:.0f} s")
        shape = f"1 room of {came}" if count == 1 else f"{count} rooms of {size}"
        title = shape if ours else f"{server.title}: {shape}"
        try:
            run = await seek_in_all(rooms, wish.seconds, {"server": server.pid})
        except RefusedError as refused:
            result.note(f"{title}: not measured, {refused}")
        else:
            add(result, title, run)
            smallest = smallest or title
            if title != smallest:
                figure = "µs per delivery" if count == 1 else "µs per command"
                result.compare(figure, title, smallest, wanted)
        leave_all(rooms)
        await calm(server.pid)


def add(result: Result, title: str, run: Run) -> None:
    result.add(
        title,
        **{
            "µs per command": run.used.server / run.turns * 1e6,
            "µs per delivery": run.used.server / run.deliveries * 1e6,
            **latencies(run.latencies),
            "load core": f"{run.used.load_share:.0%}",
        },
    )
    result.judge_load(title, run.used)


async def fill(rooms: list[Room]) -> None:
    """Let all come in, as far as there is time; the rest is forgotten."""
    entering = asyncio.ensure_future(enter_all(everybody(rooms)))
    await asyncio.wait([entering], timeout=FILLING)
    if entering.done():
        entering.result()
        return
    entering.cancel()
    for room in rooms:
        for member in room.members:
            if not member.is_in:
                member.vanish()
        room.members = [member for member in room.members if member.is_in]


if __name__ == "__main__":
    command("growth", measure, __doc__, seconds=4)
