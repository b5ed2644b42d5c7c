"""A real server, real clients, a bad line between them: how far is everybody from the room?

    python -m benchmarks.real_sync [--members 8] [--seconds 75] [--delay 100] [--jitter 40]
        [--json real_sync.json] [--plot real_sync.png] [--docs]

The server is a process of its own on a fresh SQLite; the clients go through a TCP proxy that takes
`delay` ± `jitter` milliseconds each way. A witness beside the proxy knows the server's clock to
some tenths of a millisecond, and holds everybody's player against the room ten times a second.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "clients" / "python")]

from msgspec import Struct, to_builtins  # noqa: E402
from syncplay_client import RoomConnection, VirtualPlayer, connect, create_room  # noqa: E402
from syncplay_client.link import local_time  # noqa: E402
from syncplay_client.player import Latency, Manners  # noqa: E402
from syncplay_client.timeline import Timeline  # noqa: E402

from benchmarks.sync_page import draw, figures, fill, machine, markdown, table  # noqa: E402
from tests.process import ServerProcess  # noqa: E402
from tests.proxy import Delay, Proxy  # noqa: E402
from tests.servers import plain_environment  # noqa: E402

LOOK_EVERY = 0.1  # s
COMMAND_EVERY = 9.0  # s
SETTLE = 2_000.0  # ms after a command
ARRIVAL = 3_000.0  # ms
LONGEST = 80.0  # s


class Look(Struct, frozen=True):
    """One member at one instant; errors in milliseconds, ahead is positive."""

    second: float
    name: str
    error: float  # of the player, from the room
    clock: float  # of what the client takes for the server's time
    held: bool  # the room plays, and no command is younger than two seconds


class Viewer(Struct):
    name: str
    room: RoomConnection
    player: VirtualPlayer


class Run(Struct):
    """What was seen, and when (s) the room was moved."""

    looks: list[Look]
    commands: list[float]


def main(arguments: Sequence[str] | None = None) -> None:
    wish = _wish(arguments)
    with tempfile.TemporaryDirectory(prefix="syncplay-real-sync-") as folder:
        env = plain_environment(Path(folder))
        server = ServerProcess("uvicorn", env=env)
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, **server.options())
        with server:
            run = asyncio.run(_run(server, wish))
    _tell(run, wish)


def _wish(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How far is everybody from the room?")
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=75.0, help=f"at most {LONGEST:.0f}")
    parser.add_argument("--delay", type=float, default=100.0, help="ms each way")
    parser.add_argument("--jitter", type=float, default=40.0, help="ms, more or less")
    parser.add_argument("--json", help="a file for all that was seen")
    parser.add_argument("--plot", help="a PNG to draw it into (needs matplotlib)")
    parser.add_argument("--docs", action="store_true", help="write the figures into docs/sync.md")
    return parser.parse_args(arguments)


async def _run(server: ServerProcess, wish: argparse.Namespace) -> Run:
    async with AsyncExitStack() as stack:
        bad_line = Delay(wish.delay, wish.jitter, seed=1)
        proxy = await stack.enter_async_context(Proxy.before(server.port, bad_line))
        seat = await create_room(server.url, "In time together", "Alice")
        watching = connect(server.url, seat.room_id, "Witness")
        witness = await stack.enter_async_context(watching)
        viewers = []
        for number in range(wish.members):
            key, name = (None, f"Viewer {number}") if number else (seat.key, "Alice")
            room = await stack.enter_async_context(connect(proxy.url, seat.room_id, name, key=key))
            viewers.append(Viewer(name, room, _player(number)))
            room.follow(viewers[-1].player)
        await _know_the_time([witness, *(viewer.room for viewer in viewers)])
        commanding = asyncio.create_task(_command(viewers[0].room))
        run = await _watch(witness, viewers, min(wish.seconds, LONGEST))
        commanding.cancel()
        return run


async def _know_the_time(rooms: list[RoomConnection]) -> None:
    for room in rooms:
        while not room.session.clock.is_set:  # noqa: ASYNC110 - a few questions, that is all
            await asyncio.sleep(LOOK_EVERY)


def _player(number: int) -> VirtualPlayer:
    """Each is another: it starts and jumps at its own pace, and its quartz is off."""
    dice = Random(number)
    drift = 1 + dice.uniform(-50e-6, 50e-6)
    manners = Manners(
        start=Latency(dice.uniform(20, 90), 15), seek=Latency(dice.uniform(50, 180), 25)
    )
    return VirtualPlayer(lambda: local_time() * drift, manners, dice)


async def _command(alice: RoomConnection) -> None:
    turns: list[Callable[[], object]] = [
        lambda: alice.play(0),
        lambda: alice.seek(600),
        lambda: alice.rate(1.5),
        alice.pause,
        alice.play,
        lambda: alice.rate(1),
        lambda: alice.seek(60.5),
    ]
    for turn in cycle(turns):
        await turn()  # type: ignore[misc]
        await asyncio.sleep(COMMAND_EVERY if turn != alice.pause else 1)


async def _watch(witness: RoomConnection, viewers: list[Viewer], seconds: float) -> Run:
    run, began = Run([], []), local_time()
    timeline, settled_from = witness.room.timeline, began + ARRIVAL
    while (now := local_time()) < began + seconds * 1000:
        await asyncio.sleep(LOOK_EVERY)
        now, truth = local_time(), witness.server_time
        if witness.room.timeline != timeline:
            timeline = witness.room.timeline
            to_come = max(0.0, timeline.at - truth)
            settled_from = now + to_come + SETTLE
            run.commands.append((now + to_come - began) / 1000)
        held = timeline.is_moving_at(truth) and now >= settled_from
        for viewer in viewers:
            run.looks.append(_look(viewer, (now - began) / 1000, witness, timeline, held))
    return run


def _look(
    viewer: Viewer, second: float, witness: RoomConnection, timeline: Timeline, held: bool
) -> Look:
    truth = witness.server_time
    clock = viewer.room.server_time - truth
    off = viewer.player.true_position - timeline.position_at(truth)
    return Look(second, viewer.name, off / timeline.rate * 1000, clock, held)


def _tell(run: Run, wish: argparse.Namespace) -> None:
    held = [look for look in run.looks if look.held]
    names = list(dict.fromkeys(look.name for look in run.looks))
    each = {n: figures([look.error for look in held if look.name == n]) for n in names}
    rows = {
        "player, from the room": figures([look.error for look in held]),
        "clock, from the server's": figures([look.clock for look in held]),
        "players, the first from the last": figures(_apart(held)),
    }
    line = f"{wish.delay:.0f} ± {wish.jitter:.0f} ms each way"
    sys.stdout.write(table(f"{line}, ms", each) + "\n" + table("everybody, ms", rows))
    if wish.json:
        told = {"line": line, "machine": machine(), "members": wish.members, **to_builtins(run)}
        figures_of = {name: row._asdict() for name, row in {**rows, **each}.items()}
        Path(wish.json).write_text(json.dumps({"figures": figures_of, **told}))
    if wish.docs:
        how = f"{wish.members} clients, {wish.seconds:.0f} s, {len(run.commands)} commands"
        where = f"One server process on SQLite; {machine()}"
        call = "`python -m benchmarks.real_sync`"
        fill("network", f"{call}: {how}. {where}.\n\n{markdown(f'{line}, ms', rows)}")
    if wish.plot:
        errors = {n: [(k.second, k.error) for k in run.looks if k.name == n] for n in names}
        draw(wish.plot, f"Everybody's error: a real server, {line}", errors, run.commands)


def _apart(looks: list[Look]) -> list[float]:
    """How far the one who is furthest ahead is from the one who is furthest behind, each time."""
    at_once: dict[float, list[float]] = {}
    for look in looks:
        at_once.setdefault(look.second, []).append(look.error)
    return [max(errors) - min(errors) for errors in at_once.values()]


if __name__ == "__main__":
    main()
