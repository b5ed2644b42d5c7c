"""axe-core finds nothing, in any state, light and dark, from left and from right."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.cast import Person, say
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.process import ROOT, ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [
    pytest.param({"color_scheme": "light"}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param(
        {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}, id="dark phone"
    ),
    pytest.param({"color_scheme": "light", "locale": "ar"}, id="Arabic"),
    pytest.param({"color_scheme": "dark", "locale": "de-DE"}, id="German"),
]


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        why = "axe-core is not there: npm ci"
        assert not os.environ.get("REQUIRE_ALL"), why
        pytest.skip(why)
    return Path(AXE).read_text()


async def assert_fine(page: Page, axe: str, state: str) -> None:
    """It is evaluated, not put into the page: the page's policy would forbid that."""
    await page.evaluate(axe)
    found: list[dict[str, Any]] = await page.evaluate("axe.run().then((run) => run.violations)")
    told = [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']][:4]}"
        for one in found
    ]
    assert told == [], state


@pytest.mark.parametrize("look", LOOKS)
async def test_nothing_is_in_anybodys_way(
    meet: Meet, site: ServerProcess, films: FilmHost, axe: str, look: dict[str, Any]
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob", **look)
    await bob.page.goto(f"{site.url}/")
    await assert_fine(bob.page, axe, "the first page")
    await bob.page.goto(f"{site.url}/room/none")
    await assert_fine(bob.page, axe, "no such room")
    link = await alice.open_room(site.url)
    await bob.page.goto(link)
    await expect(bob.page.locator("#join-name")).to_be_visible()
    await assert_fine(bob.page, axe, "the door")
    await bob.page.locator("#join-name").fill("Bob")
    await bob.page.locator("#join-go").click()
    await bob.is_in()
    await assert_fine(bob.page, axe, "no video")
    await _choose(alice, films.url())
    await bob.has_video()
    await alice.say_in_chat("Look at https://example.com/")
    await expect(bob.lines().filter(has_text="Look at")).to_have_count(1)
    await assert_fine(bob.page, axe, "a viewer, talk")
    await alice.button("play").click()
    await bob.sees_it_play()
    await assert_fine(bob.page, axe, "it plays")
    await bob.page.locator("#light").click()
    await assert_fine(bob.page, axe, "the panel of the sync")
    await bob.page.keyboard.press("Escape")
    await bob.page.locator("#open-settings").click()
    await assert_fine(bob.page, axe, "settings")
    await bob.page.keyboard.press("Escape")
    await bob.context.set_offline(True)
    await expect(bob.page.locator("#banner")).to_be_visible()
    await assert_fine(bob.page, axe, "offline")


async def _choose(person: Person, url: str) -> None:
    await person.button("video_choose").click()
    await person.page.get_by_label(say("video_address")).fill(url)
    await person.button("video_go").click()


async def test_the_talk_is_a_live_log_and_the_seek_bar_says_where_it_is(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice = await meet("Alice")
    await alice.open_room(site.url, films.url())
    await alice.has_video()
    log = alice.page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    bar = alice.page.get_by_role("slider", name=say("seek"), exact=True)
    await expect(bar).to_have_attribute(
        "aria-valuetext", say("seek_value", position="0:00", duration="2:00")
    )
    await expect(alice.page.get_by_role("slider", name=say("volume"))).to_be_visible()
