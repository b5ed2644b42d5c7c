"""On a phone: everything fits, and everything is big enough for a thumb."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.cast import say
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.process import ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

THUMB = 44
PHONES = [
    pytest.param({"width": 390, "height": 844}, id="390"),
    pytest.param({"width": 320, "height": 568}, id="320"),
    pytest.param({"width": 844, "height": 390}, id="on its side"),
]
# What stands in a line of text is as high as that: a link, the time of a line of the talk.
TOO_SMALL = f"""() => [...document.querySelectorAll(
    "button, a[href], select, summary, input:not([type=range], [type=radio], [type=checkbox])"
)].filter((one) => one.checkVisibility({{opacityProperty: true, visibilityProperty: true}})
        && !one.closest("p a") && !one.matches(".unseen, .stamp"))
  .map((one) => [one.id || one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < {THUMB} - 0.5 || box.width < {THUMB} - 0.5))
  .map(([name, box]) => `${{name}}: ${{Math.round(box.width)}}x${{Math.round(box.height)}}`)"""


async def assert_fits(page: Page) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 0
    assert await page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize("size", PHONES)
async def test_everything_fits_and_can_be_tapped(
    meet: Meet, site: ServerProcess, films: FilmHost, size: dict[str, int]
) -> None:
    phone: dict[str, Any] = {"viewport": size, "has_touch": True, "is_mobile": True}
    alice, bob = await meet("Alice", **phone), await meet("Bob", **phone)
    await alice.page.goto(f"{site.url}/")
    await assert_fits(alice.page)
    link = await alice.open_room(site.url, films.url(), room="M" * 80)
    await alice.has_video()
    await assert_fits(alice.page)
    await bob.page.goto(link)
    await expect(bob.page.get_by_label(say("join_name"))).to_be_visible()
    await assert_fits(bob.page)
    await bob.page.get_by_label(say("join_name")).fill("B" * 80)
    await bob.button("join_go").tap()
    await expect(bob.page.locator("#room")).to_be_visible()
    await alice.button("play").tap()
    await bob.sees_it_play()
    await bob.say_in_chat("W" * 300)
    await expect(alice.lines().filter(has_text="W" * 300)).to_have_count(1)
    await assert_fits(alice.page)
    if size["height"] > size["width"]:  # else people and talk are both beside the video
        await alice.page.locator("#show-people").tap()
    await expect(alice.people()).to_have_count(2)
    await assert_fits(alice.page)


async def test_the_video_is_in_sight_while_one_types(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    size = {"width": 390, "height": 420}  # what the keyboard leaves
    alice = await meet("Alice", viewport=size, has_touch=True, is_mobile=True)
    await alice.open_room(site.url, films.url())
    await alice.has_video()
    await alice.page.get_by_label(say("chat_say")).focus()
    await expect(alice.page.get_by_label(say("chat_say"))).to_be_in_viewport()
    await expect(alice.video).to_be_in_viewport(ratio=0.5)
