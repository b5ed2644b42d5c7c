"""A seat is kept: through reloads, in a second tab, and until one leaves."""

import pytest
from playwright.async_api import expect

from tests.browser.cast import Person, are_together, say
from tests.browser.conftest import Meet
from tests.films import FilmHost
from tests.process import ServerProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_after_a_reload_one_is_back_without_a_step(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await bob.join(await alice.open_room(site.url, films.url()))
    await bob.has_video()
    await alice.button("play").click()
    await bob.sees_it_play()
    await bob.page.reload()
    await bob.is_in()
    await expect(bob.people()).to_have_count(2)
    await bob.has_video()
    await bob.sees_it_play()
    await are_together(alice, bob)


async def test_a_second_tab_is_the_same_member(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice = await meet("Alice")
    link = await alice.open_room(site.url, films.url())
    page = await alice.context.new_page()
    tab = Person("Alice", alice.context, page, alice.hosts, alice.troubles)
    tab.watch(page)
    await page.goto(link)
    await tab.is_in()
    await expect(tab.people()).to_have_count(1)
    await tab.has_video()
    await tab.button("play").click()
    await alice.sees_it_play()
    await page.close()
    await alice.button("pause").click()
    await alice.sees_it_stand()


async def test_when_the_host_leaves_another_is_host(
    meet: Meet, site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    link = await alice.open_room(site.url, films.url())
    await bob.join(link)
    await bob.has_video()
    await alice.button("leave").click()
    await alice.button("leave_go").click()
    await expect(alice.page.get_by_text(say("left_title"))).to_be_visible()
    await expect(bob.people()).to_have_count(1)
    await expect(bob.people().filter(has_text=say("person_host"))).to_have_count(1)
    await expect(bob.lines().filter(has_text=say("line_left", name="Alice"))).to_have_count(1)
    await bob.button("play").click()
    await bob.sees_it_play()
    await alice.page.goto(link)
    await expect(alice.page.get_by_label(say("join_name"))).to_have_value("Alice")
    await alice.button("join_go").click()
    await alice.is_in()
    await expect(bob.people()).to_have_count(2)


async def test_a_name_that_is_taken_is_told_and_another_can_be_typed(
    meet: Meet, site: ServerProcess
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    link = await alice.open_room(site.url)
    await bob.page.goto(link)
    await bob.page.get_by_label(say("join_name")).fill("alice")
    await bob.button("join_go").click()
    await expect(
        bob.page.get_by_role("alert").filter(has_text=say("error_name_taken"))
    ).to_be_visible()
    await bob.page.get_by_label(say("join_name")).fill("Bob")
    await bob.button("join_go").click()
    await bob.is_in()


async def test_a_password_is_asked_for(meet: Meet, site: ServerProcess) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    await alice.page.goto(f"{site.url}/")
    await alice.page.get_by_label(say("front_your_name")).fill("Alice")
    await alice.page.get_by_text(say("front_more"), exact=True).click()
    await alice.page.get_by_label(say("front_password"), exact=True).fill("hunter2")
    await alice.button("front_go").click()
    await alice.is_in()
    await bob.page.goto(alice.page.url)
    await bob.page.get_by_label(say("join_name")).fill("Bob")
    await bob.page.get_by_label(say("join_password")).fill("hunter3")
    await bob.button("join_go").click()
    wrong = bob.page.get_by_role("alert").filter(has_text=say("error_wrong_password"))
    await expect(wrong).to_be_visible()
    await bob.page.get_by_label(say("join_password")).fill("hunter2")
    await bob.button("join_go").click()
    await bob.is_in()


async def test_the_first_page_knows_the_rooms_that_one_was_in(
    meet: Meet, site: ServerProcess
) -> None:
    alice = await meet("Alice")
    link = await alice.open_room(site.url, room="A very private screening")
    await alice.page.goto(f"{site.url}/")
    yours = alice.page.get_by_role("region", name=say("front_yours"))
    room = yours.get_by_role("listitem").filter(has_text="A very private screening")
    await room.get_by_role("link", name=say("front_back_in")).click()
    await alice.is_in()
    assert alice.page.url == link


async def test_a_room_that_is_gone_is_told_in_words(meet: Meet, site: ServerProcess) -> None:
    bob = await meet("Bob")
    await bob.page.goto(f"{site.url}/room/550e8400-e29b-41d4-a716-446655440000")
    await expect(bob.page.get_by_role("heading", name=say("missing_room_title"))).to_be_visible()


async def test_a_place_that_was_given_up_meanwhile_is_taken_again(
    meet: Meet, site: ServerProcess
) -> None:
    """Away for too long: another device, or a laptop that was shut over night."""
    alice, bob = await meet("Alice"), await meet("Bob")
    link = await alice.open_room(site.url)
    await bob.join(link)
    kept = await bob.context.storage_state()
    await bob.button("leave").click()
    await bob.button("leave_go").click()
    await expect(alice.people()).to_have_count(1)
    again = await meet("Bob", storage_state=kept)
    await again.page.goto(link)
    await again.is_in()
    await expect(alice.people()).to_have_count(2)
