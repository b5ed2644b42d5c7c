"""Several Chromiums play one room: how far is each from the room, and they from each other?

    python -m benchmarks.browser_sync [--members 2 4 6] [--seconds 60] [--delayed 4]
        [--json browser_sync.json] [--docs]

A real server, the page as everybody gets it, a film that ffmpeg makes (320x180, 30 pictures a
second, with sound), one browser context a member; the host uses the keyboard. With `--delayed`
once more, with a TCP proxy before the server that takes 100 ± 40 ms each way.

What is measured: 50 times a second each page notes the `currentTime` of its <video> and the
machine's clock; ten times a second of these count as looks. The truth is the room's timeline as a
witness beside the server has it, who is no part of the page. All processes share one machine's
clock, so that a fault of a page's own notion of the server's time counts in full.

What it cannot see: what happens behind `currentTime`, which is the clock of what is heard: the
sound card, the screen. How far the picture that is shown is from that clock is told as well, by
requestVideoFrameCallback; a film of 30 pictures a second cannot do better than about 17 ms there.
And all browsers share two cores with the server: it is the load that makes the tails.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "clients" / "python")]

from msgspec import to_builtins  # noqa: E402
from playwright.async_api import Browser, Page  # noqa: E402
from syncplay_client import RoomConnection, connect, create_room  # noqa: E402

from benchmarks.browser_looks import INSTALL, Command, Run, Truth, look_from, wall  # noqa: E402
from benchmarks.browser_picture import draw  # noqa: E402
from benchmarks.sync_page import fill, machine, markdown, table  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.films import FilmHost, make_films  # noqa: E402
from tests.process import ServerProcess  # noqa: E402
from tests.proxy import Delay, Proxy  # noqa: E402
from tests.servers import plain_environment  # noqa: E402

PICTURE = ROOT / "docs" / "browser-sync.svg"
DELAY, JITTER = 100.0, 40.0  # ms each way
ARRIVAL = 3.0  # s, for all clocks to be known
EVERY = 8.0  # s between commands
# What the host presses, in turn, and what that is. It begins and ends while the film plays.
KEYS = (("l", "seek"), ("k", "pause"), ("k", "play"), ("j", "seek"), ("ArrowRight", "seek"))


def main(arguments: Sequence[str] | None = None) -> None:
    wish = _wish(arguments)
    with tempfile.TemporaryDirectory(prefix="syncplay-browser-sync-") as name:
        folder = Path(name)
        make_films(folder)
        server = ServerProcess("uvicorn", env=plain_environment(folder) | {"DEBUG": "False"})
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, **server.options())
        with server, FilmHost.of(folder) as films:
            runs = asyncio.run(_all_runs(server, films.url(), wish))
    _tell(runs, wish)


def _wish(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How far apart are browsers in one room?")
    parser.add_argument("--members", type=int, nargs="*", default=[2, 4, 6])
    parser.add_argument("--delayed", type=int, nargs="*", default=[4])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", help="a file for all that was seen")
    parser.add_argument("--docs", action="store_true", help="write docs/sync.md and its picture")
    return parser.parse_args(arguments)


async def _all_runs(server: ServerProcess, film: str, wish: argparse.Namespace) -> list[Run]:
    runs = [await _run(server, server.url, film, n, wish.seconds) for n in wish.members]
    for number, members in enumerate(wish.delayed):
        async with Proxy.before(server.port, Delay(DELAY, JITTER, seed=number)) as proxy:
            run = await _run(server, proxy.url, film, members, wish.seconds)
            run.line = f"{DELAY:.0f} ± {JITTER:.0f} ms each way"
            runs.append(run)
    return runs


async def _run(server: ServerProcess, site: str, film: str, members: int, seconds: float) -> Run:
    run = Run(members)
    seat = await create_room(server.url, "In step", "Witness", video_url=film)
    async with (
        connect(server.url, seat.room_id, "Witness", key=seat.key) as witness,
        chromium("--autoplay-policy=no-user-gesture-required") as browser,
    ):
        await witness.settings(control="everyone", wait="never")
        pages = [
            await _enter(browser, f"{site}/room/{seat.room_id}", f"Viewer {number + 1}")
            for number in range(members)
        ]
        await asyncio.sleep(ARRIVAL)
        async with _witnessed(witness, run.truth):
            await _evening(pages[0], run, seconds)
        for number, page in enumerate(pages, 1):
            looks = await page.evaluate("window.looks")
            run.looks[f"Viewer {number}"] = [look_from(look) for look in looks]
    return run


async def _enter(browser: Browser, link: str, name: str) -> Page:
    context = await browser.new_context(viewport={"width": 800, "height": 600})
    page = await context.new_page()
    await page.goto(link)
    await page.locator("#join-name").fill(name)
    await page.locator("#join-go").click()
    await page.locator("#picture video").wait_for()
    await page.evaluate(INSTALL)
    return page


@asynccontextmanager
async def _witnessed(witness: RoomConnection, truth: Truth) -> AsyncIterator[None]:
    """Every timeline that there is meanwhile, and how the server's clock is to the machine's."""

    async def watch() -> None:
        while True:
            truth.see(witness.room.timeline, witness.server_time - wall())
            await asyncio.sleep(0.005)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def _evening(host: Page, run: Run, seconds: float) -> None:
    run.began = wall()
    await _press(host, run, "k", "play")
    turns = max(0, int(seconds / EVERY) - 1)
    for number in range(turns):
        await asyncio.sleep(EVERY)
        await _press(host, run, *KEYS[number % len(KEYS)])
    await asyncio.sleep(max(0.0, seconds - (wall() - run.began) / 1000))


async def _press(host: Page, run: Run, key: str, kind: str) -> None:
    run.commands.append(Command(kind, wall()))
    await host.keyboard.press(key)


def _tell(runs: list[Run], wish: argparse.Namespace) -> None:
    for run in runs:
        sys.stdout.write(table(run.title, run.rows()) + "\n")
    if wish.json:
        told = [{"title": run.title, "rows": run.rows(), **to_builtins(run)} for run in runs]
        Path(wish.json).write_text(json.dumps({"machine": machine(), "runs": told}, default=str))
    if wish.docs:
        PICTURE.write_text(draw(runs))
        tables = "\n".join(markdown(f"{run.title}, ms", run.rows()) for run in runs)
        call = f"`python -m benchmarks.browser_sync`: {wish.seconds:.0f} s each"
        fill("browsers", f"{call}, Chromium without a screen; {machine()}.\n\n{tables}")


if __name__ == "__main__":
    main()
