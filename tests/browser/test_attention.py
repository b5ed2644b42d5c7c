"""Who looks away is back at the right frame at once; who is short of video is waited for."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.cast import Person, are_together, say
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.process import ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUFFERED = 600 * 1024  # bytes of the film: some twenty seconds


async def freeze(person: Person, state: str) -> None:
    """As a phone does with a page that nobody looks at."""
    session = await person.context.new_cdp_session(person.page)
    await session.send("Page.setWebLifecycleState", {"state": state})
    await session.detach()


async def test_a_page_that_was_frozen_is_back_at_the_right_frame(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await bob.has_video()
    await alice.button("play").click()
    await bob.sees_it_play()
    await freeze(bob, "frozen")
    await alice.seek_to(70)
    await alice.sees_it_play()
    await freeze(bob, "active")
    await bob.sees_it_play()
    await are_together(alice, bob)
    assert (await bob.player())["position"] > 65


async def test_a_hidden_page_holds_nobody_up_and_is_told_of(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await bob.has_video()
    await _look(bob, "hidden")
    await expect(alice.people().filter(has_text=say("person_hidden"))).to_have_count(1)
    await alice.button("play").click()
    await alice.sees_it_play()
    await _look(bob, "visible")
    await expect(alice.people().filter(has_text=say("person_hidden"))).to_have_count(0)
    await bob.sees_it_play()
    await are_together(alice, bob)


async def _look(person: Person, state: str) -> None:
    """A headless browser hides no page: what pages are told of it is all that can be had."""
    await person.page.evaluate(
        """(state) => {
            Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
            Object.defineProperty(document, "hidden", {
                value: state === "hidden", configurable: true,
            });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


async def test_one_who_is_short_of_video_is_waited_for_and_named(
    meet: Meet, site: ServerProcess, films: FilmHost, film_folder: Path
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    with FilmHost.of(film_folder) as slow:
        slow.gate.hold(beyond=BUFFERED)
        await bob.context.route(films.url(), lambda route: route.continue_(url=slow.url()))
        await bob.join(await alice.open_room(site.url, films.url()))
        await bob.has_video()
        await alice.has_video()
        await alice.button("play").click()
        await bob.sees_it_play()
        await alice.seek_to(60)
        waiting = alice.page.locator("#cover")
        await expect(waiting).to_contain_text(say("waiting_for", names="Bob"))
        await expect(alice.people().filter(has_text=say("person_buffering"))).to_contain_text("Bob")
        await alice.sees_it_stand()
        slow.gate.release()
        await expect(waiting).to_be_hidden()
        await bob.sees_it_play()
        await alice.sees_it_play()
        await are_together(alice, bob)


async def test_the_host_may_go_on_without_one_who_is_short_of_video(
    meet: Meet, site: ServerProcess, films: FilmHost, film_folder: Path
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    with FilmHost.of(film_folder) as slow:
        slow.gate.hold(beyond=BUFFERED)
        await bob.context.route(films.url(), lambda route: route.continue_(url=slow.url()))
        await bob.join(await alice.open_room(site.url, films.url()))
        await bob.has_video()
        await alice.has_video()
        await alice.button("play").click()
        await bob.sees_it_play()
        await alice.seek_to(60)
        await alice.button("waiting_go_on").click()
        await alice.sees_it_play()
