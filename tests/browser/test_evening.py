"""An evening together: open a room, share the link, watch, talk."""

import pytest
from playwright.async_api import expect

from tests.browser.cast import are_together, say, until
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.process import ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_alice_opens_a_room_and_bob_joins_by_her_link(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice = await meet("Alice", permissions=["clipboard-read", "clipboard-write"])
    link = await alice.open_room(site.url, films.url())
    await alice.has_video()
    await alice.button("share").click()
    await expect(alice.button("share_copied")).to_be_visible()
    assert await alice.page.evaluate("navigator.clipboard.readText()") == link
    bob = await meet("Bob")
    await bob.join(link)
    await bob.has_video()
    for person in (alice, bob):
        await expect(person.people()).to_have_count(2)
        await expect(person.page.locator("#room-name")).to_have_text("Movie Night")
    await expect(alice.lines().filter(has_text=say("line_joined", name="Bob"))).to_have_count(1)


async def test_what_alice_does_bob_sees(meet: Meet, site: ServerProcess, films: FilmHost) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    link = await alice.open_room(site.url, films.url())
    await bob.join(link)
    await bob.has_video()
    await alice.button("play").click()
    await bob.sees_it_play()
    await alice.sees_it_play()
    await are_together(alice, bob)
    await alice.seek_to(60)

    async def bob_is_there() -> bool:
        return bool(abs((await bob.player())["position"] - 60) < 5)

    await until(bob_is_there, "Bob is where Alice went")
    await are_together(alice, bob)
    await alice.button("pause").click()
    await alice.sees_it_stand()
    await bob.sees_it_stand((await alice.player())["position"])


async def test_who_comes_late_is_in_the_middle_at_once(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    link = await alice.open_room(site.url, films.url())
    await alice.has_video()
    await alice.button("play").click()
    await alice.seek_to(60)
    await bob.join(link)
    await bob.has_video()
    await bob.sees_it_play()
    await are_together(alice, bob)
    assert (await bob.player())["position"] > 55


async def test_who_may_not_control_sees_why(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await expect(bob.page.get_by_text(say("locked_host", name="Alice"))).to_be_visible()
    await expect(bob.page.get_by_label(say("seek"), exact=True)).to_be_disabled()
    await alice.button("settings").click()
    await alice.radio("settings_control_everyone").check()
    await alice.button("close").click()
    await bob.has_video()
    await bob.button("play").click()
    await alice.sees_it_play()


async def test_they_talk(meet: Meet, site: ServerProcess, films: FilmHost) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    link = await alice.open_room(site.url, films.url())
    await alice.say_in_chat("Anybody there?")
    await bob.join(link)
    await expect(bob.lines().filter(has_text="Anybody there?")).to_have_count(1)
    await bob.page.get_by_label(say("chat_say")).press_sequentially("Beside you")
    await expect(alice.page.get_by_text(say("typing_one", name="Bob"))).to_be_visible()
    await bob.page.keyboard.press("Enter")
    await expect(alice.lines().filter(has_text="Beside you")).to_have_count(1)
    await expect(alice.page.get_by_text(say("typing_one", name="Bob"))).to_be_hidden()
    await expect(bob.page.get_by_label(say("chat_say"))).to_have_value("")


async def test_a_reaction_floats_over_everybodys_video(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await bob.page.get_by_role("group", name=say("reactions")).get_by_role("button").first.click()
    await expect(alice.page.locator("#floats > *")).to_have_count(1)
    await expect(alice.page.locator("#floats > *")).to_have_count(0)  # and is gone again


async def test_another_video_is_another_for_all(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url))
    await expect(bob.page.get_by_text(say("video_none_for_viewer", name="Alice"))).to_be_visible()
    await alice.button("video_choose").click()
    await alice.page.get_by_label(say("video_address")).fill(films.url("film.webm"))
    await alice.page.get_by_label(say("video_name"), exact=True).fill("A short film")
    await alice.button("video_go").click()
    for person in (alice, bob):
        await person.has_video()
        await expect(person.page.locator("#video-title")).to_have_text("A short film")
        await expect(person.page).to_have_title("A short film · Movie Night · SyncPlay")


async def test_a_shared_speed_is_everybodys(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await bob.has_video()
    await alice.button("play").click()
    await bob.sees_it_play()
    await alice.page.locator("#speed").click()
    await alice.button("speed_value", rate="1.5").click()

    async def is_faster() -> bool:
        return bool(abs((await bob.player())["rate"] - 1.5) < 0.1)

    await until(is_faster, "Bob's video is faster")
    await are_together(alice, bob)
