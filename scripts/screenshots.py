"""Write `docs/pictures/`: the page as it is, with a film that shows its own time.

Needs what the browser's tests need: `.venv` of `make test`, ffmpeg and Chromium.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.async_api import Browser, Page, expect  # noqa: E402

from benchmarks.servers import SyncPlay  # noqa: E402
from tests.browser.cast import Person, say, until  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.films import FilmHost  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
QUALITY = 82  # of the JPEGs
DESK, PHONE = {"width": 1280, "height": 760}, {"width": 390, "height": 760}
SUNSET = "c0=0x1b1447:c1=0x5b3fd1:c2=0xe0609a:c3=0xffb871:nb_colors=4:speed=0.012:seed=7"
TIME = "drawtext=text='%{pts\\:hms}':fontsize=96:fontcolor=white@0.92:x=(w-tw)/2:y=(h-th)/2"
FILM_NAME, TITLE, HALFWAY = "evening.mp4", "One long evening", 27


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        make_film(Path(folder) / FILM_NAME)
        with FilmHost.of(Path(folder)) as films, SyncPlay() as site:
            asyncio.run(take_all(site.url, films.url(FILM_NAME)))


def make_film(target: Path) -> None:
    source = f"gradients=size=1280x720:rate=30:duration=60:{SUNSET}"
    options = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 30 -movflags +faststart"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-vf", TIME]
    subprocess.run([*command, *options.split(), str(target)], check=True)


async def take_all(site: str, film: str) -> None:
    async with chromium() as browser:
        alice = await come(browser, "Alice", viewport=DESK, color_scheme="light")
        bob = await come(browser, "Bob", viewport=PHONE, color_scheme="dark")
        await alice.page.goto(f"{site}/")
        await take(alice.page, "front")
        await bob.join(await alice.open_room(site))
        await choose(alice, film)
        await alice.has_video()
        await bob.has_video()
        await alice.seek_to(HALFWAY)
        await alice.button("play").click()
        await bob.sees_it_play()
        await talk(alice, bob)
        await alice.page.locator("#screen").hover()
        await asyncio.gather(in_step(alice), in_step(bob))
        await react(bob, alice)
        await asyncio.gather(take(alice.page, "room"), take(bob.page, "phone"))


async def come(browser: Browser, name: str, **look: object) -> Person:
    context = await browser.new_context(locale="en-GB", **look)  # type: ignore[arg-type]
    return Person(name, context, await context.new_page(), set())


async def talk(alice: Person, bob: Person) -> None:
    await alice.say_in_chat("Can you see it too?")
    await bob.say_in_chat("To the very same frame 😮")
    await alice.lines().filter(has_text="frame").wait_for()
    await alice.say_in_chat("Popcorn is ready: https://en.wikipedia.org/wiki/Popcorn")
    await bob.lines().filter(has_text="Popcorn").wait_for()


async def choose(person: Person, film: str) -> None:
    await person.button("video_choose").click()
    await person.page.get_by_label(say("video_address")).fill(film)
    await person.page.get_by_label(say("video_name"), exact=True).fill(TITLE)
    await person.button("video_go").click()


async def in_step(person: Person) -> None:
    await expect(person.page.locator("#light")).to_have_attribute("data-light", "in_sync")


async def react(sender: Person, seer: Person) -> None:
    """Until the sign is well on its way."""
    await sender.page.locator("#reactions button").nth(5).click()
    sign = seer.page.locator("#floats > *")
    await sign.wait_for()
    flown = "(sign) => sign.getAnimations()[0]?.currentTime > 700"
    await until(lambda: sign.evaluate(flown), "the sign flies")


async def take(page: Page, name: str) -> None:
    await page.screenshot(path=FOLDER / f"{name}.jpg", type="jpeg", quality=QUALITY)


if __name__ == "__main__":
    main()
