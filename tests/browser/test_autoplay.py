"""Browsers that play nothing aloud before a gesture: one starts muted, and holds nobody up."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, expect

from tests.browser.cast import Person, are_together, say, until
from tests.browser.conftest import Meet
from tests.chromium import chromium
from tests.films import FilmHost
from tests.process import ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

# A browser that refuses even what is muted, as one that saves energy does.
REFUSES_ALL = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  return navigator.userActivation.isActive ? play.call(this)
    : Promise.reject(new DOMException("no gesture", "NotAllowedError"));
};
"""


# Playwright looks at a page as if in a gesture of its user, after which everything may play. So
# here the page is looked at without.
LOOK = """(() => {
    const video = document.querySelector("#picture video");
    const shown = (id) => document.getElementById(id)?.checkVisibility() ?? false;
    return {
        plays: Boolean(video && !video.paused && video.currentTime > 0.5), muted: video?.muted,
        offersSound: shown("sound-tap"), cover: document.getElementById("cover-text")?.textContent,
    };
})()"""


@pytest_asyncio.fixture(loop_scope="session")
async def strict_browser() -> AsyncIterator[Browser]:
    async with chromium("--autoplay-policy=document-user-activation-required") as one:
        yield one


async def comes_again(person: Person) -> CDPSession:
    """In a new tab, where there has been no gesture yet; and how to look at it."""
    await person.page.close()
    context, link = person.context, person.page.url
    person.page = await context.new_page()
    person.watch(person.page)
    onlooker = await context.new_cdp_session(person.page)
    await onlooker.send("Page.navigate", {"url": link})
    return onlooker


async def seen(onlooker: CDPSession, what: str, **expected: object) -> None:
    async def is_so() -> bool:
        told = await onlooker.send("Runtime.evaluate", {"expression": LOOK, "returnByValue": True})
        look = told["result"].get("value") or {}
        return all(look.get(name) == value for name, value in expected.items())

    await until(is_so, what)


async def test_without_a_gesture_it_starts_muted_and_one_tap_brings_the_sound(
    meet: Meet, strict_browser: Browser, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob", via=strict_browser)
    await bob.join(await alice.open_room(site.url, films.url()))
    await alice.has_video()
    onlooker = await comes_again(bob)
    await seen(onlooker, "Bob is in", muted=False)
    await alice.button("play").click()
    await seen(onlooker, "it plays, muted", plays=True, muted=True, offersSound=True)
    await bob.button("sound_tap").click()
    await seen(onlooker, "Bob hears it", plays=True, muted=False, offersSound=False)
    await are_together(alice, bob)


async def test_one_who_may_not_even_start_muted_taps_once_and_holds_nobody_up(
    meet: Meet, strict_browser: Browser, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob", via=strict_browser)
    await bob.join(await alice.open_room(site.url, films.url()))
    await alice.has_video()
    await bob.context.add_init_script(REFUSES_ALL)
    onlooker = await comes_again(bob)
    await seen(onlooker, "Bob is in", muted=False)
    await alice.button("play").click()
    await alice.sees_it_play()
    await seen(onlooker, "Bob is asked for a tap", cover=say("blocked_text"))
    await expect(alice.people().filter(has_text=say("person_blocked"))).to_have_count(1)
    await alice.sees_it_play()  # and nobody waits
    await bob.button("blocked_tap").click()
    await bob.sees_it_play()
    await are_together(alice, bob)
    await expect(alice.people().filter(has_text=say("person_blocked"))).to_have_count(0)
