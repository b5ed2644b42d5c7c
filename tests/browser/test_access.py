"""axe-core finds nothing, in any state, light and dark, from left and from right."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.cast import Person, say
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.missing import do_without
from tests.npm import packages
from tests.peer import create_room
from tests.process import ServerProcess, UnavailableError
from tests.proxy import Proxy

pytestmark = pytest.mark.asyncio(loop_scope="session")

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
    try:
        return (packages() / "axe-core" / "axe.min.js").read_text()
    except UnavailableError as why:
        do_without(why)


async def assert_fine(page: Page, axe: str, state: str) -> None:
    """It is evaluated, not put into the page: the page's policy would forbid that."""
    await page.evaluate(axe)
    found: list[dict[str, Any]] = await page.evaluate("axe.run().then((run) => run.violations)")
    told = [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']][:4]}"
        for one in found
    ]
    assert told == [], state


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What fades in has no contrast yet: nothing moves for who wants it so."""
    return {"reduced_motion": "reduce", **request.param}


async def test_outside_of_a_room_nothing_is_in_anybodys_way(
    meet: Meet, site: ServerProcess, axe: str, look: dict[str, Any]
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob", **look)
    link = await alice.open_room(site.url)
    for path in ("/", "/?before=nonsense", "/room/none"):
        await bob.page.goto(f"{site.url}{path}")
        await assert_fine(bob.page, axe, path)
    await bob.page.goto(link)
    await expect(bob.page.locator("#join-name")).to_be_visible()
    await assert_fine(bob.page, axe, "the door")


async def test_in_a_room_nothing_is_in_anybodys_way(
    meet: Meet, site: ServerProcess, films: FilmHost, axe: str, look: dict[str, Any]
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob", **look)
    await enter(bob, await alice.open_room(site.url))
    await assert_fine(bob.page, axe, "no video")
    await alice.button("video_choose").click()
    await alice.page.get_by_label(say("video_address")).fill(films.url())
    await alice.button("video_go").click()
    await bob.has_video()
    await alice.say_in_chat("Look at https://example.com/")
    await expect(bob.lines().filter(has_text="Look at")).to_have_count(1)
    await assert_fine(bob.page, axe, "talk")
    await alice.button("play").click()
    await bob.sees_it_play()
    await assert_fine(bob.page, axe, "it plays")
    for opener in ("#light", "#open-settings", "#open-leave"):
        await bob.page.locator(opener).click()
        await assert_fine(bob.page, axe, opener)
        await bob.page.keyboard.press("Escape")


async def test_without_a_network_nothing_is_in_anybodys_way(
    meet: Meet, site: ServerProcess, line: Proxy, axe: str, look: dict[str, Any]
) -> None:
    alice = await meet("Alice", **look)
    alice.hosts.add(urlsplit(line.url).netloc)
    await enter(alice, f"{line.url}/room/{create_room(site, user_name='Bob').room_id}")
    await alice.context.set_offline(True)
    line.cut()
    await expect(alice.page.locator("#banner")).to_be_visible()
    await assert_fine(alice.page, axe, "offline")


async def enter(person: Person, link: str) -> None:
    """In whatever language."""
    await person.page.goto(link)
    await person.page.locator("#join-name").fill(person.name)
    await person.page.locator("#join-go").click()
    await person.is_in()


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
