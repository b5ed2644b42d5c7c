"""Everything without a mouse."""

import pytest
from playwright.async_api import expect

from tests.browser.cast import Person, say, until
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.process import ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def is_near(person: Person, seconds: float) -> None:
    async def near() -> bool:
        return bool(abs((await person.player())["position"] - seconds) < 0.2)

    await until(near, f"{person.name} is at {seconds}")


async def test_keys_drive_the_video(meet: Meet, site: ServerProcess, films: FilmHost) -> None:
    alice = await meet("Alice")
    await alice.open_room(site.url, films.url())
    await alice.has_video()
    press = alice.page.keyboard.press
    await press("l")
    await is_near(alice, 10)
    await press("ArrowRight")
    await is_near(alice, 15)
    await press("j")
    await is_near(alice, 5)
    await press("ArrowLeft")
    await is_near(alice, 0)
    await press("Space")
    await alice.sees_it_play()
    await press("k")
    await alice.sees_it_stand()
    await press("m")

    async def is_muted() -> bool:
        return bool((await alice.player())["muted"])

    await until(is_muted, "the sound is off")
    await press("?")
    await expect(alice.page.get_by_role("dialog", name=say("help"))).to_be_visible()
    await press("Escape")
    await expect(alice.page.get_by_role("dialog", name=say("help"))).to_be_hidden()


async def test_who_types_does_not_drive(meet: Meet, site: ServerProcess, films: FilmHost) -> None:
    alice = await meet("Alice")
    await alice.open_room(site.url, films.url())
    await alice.has_video()
    box = alice.page.get_by_label(say("chat_say"))
    await box.press_sequentially("kjl m f ?")
    await expect(box).to_have_value("kjl m f ?")
    player = await alice.player()
    assert (player["paused"], player["muted"], player["position"]) == (True, False, 0)


async def test_a_room_is_opened_and_joined_by_keys_alone(meet: Meet, site: ServerProcess) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await alice.page.goto(f"{site.url}/")
    await alice.page.get_by_label(say("front_your_name")).focus()
    await alice.page.keyboard.type("Alice")
    await alice.page.keyboard.press("Enter")
    await alice.is_in()
    await bob.page.goto(alice.page.url)
    await expect(bob.page.get_by_label(say("join_name"))).to_be_focused()
    await bob.page.keyboard.type("Bob")
    await bob.page.keyboard.press("Enter")
    await bob.is_in()


async def test_who_may_not_control_drives_nothing(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await bob.has_video()
    await bob.page.keyboard.press("Space")
    await bob.page.keyboard.press("l")
    await alice.say_in_chat("Is it still at the start?")
    await expect(bob.lines().filter(has_text="still at the start")).to_have_count(1)
    await alice.sees_it_stand(0)
    await bob.sees_it_stand(0)
