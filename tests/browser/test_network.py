"""A server that goes and comes, a network that is lost: all goes on, and nothing typed is lost."""

import asyncio
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.browser.cast import Person, are_together, say
from tests.browser.conftest import Meet
from tests.conftest import StartServer
from tests.films import FilmHost
from tests.process import ServerProcess
from tests.proxy import Proxy

SHOW_ANEW = """async () => {
    document.dispatchEvent(new Event("visibilitychange"));
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}"""

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def own_site(start_server: StartServer) -> ServerProcess:
    return start_server(env={"DEBUG": "False"})


async def is_offline(person: Person) -> None:
    await expect(person.page.locator("#banner")).to_be_visible()


async def is_back(person: Person) -> None:
    await expect(person.page.locator("#banner")).to_be_hidden()


async def test_a_server_that_restarts_while_they_watch_is_hardly_noticed(
    meet: Meet, own_site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice", at=own_site), await meet("Bob", at=own_site)
    await bob.join(await alice.open_room(own_site.url, films.url()))
    await bob.has_video()
    await alice.button("play").click()
    await bob.sees_it_play()
    own_site.restart()
    await bob.sees_it_play()  # all the while
    for person in (alice, bob):
        await is_back(person)
        await expect(person.people()).to_have_count(2)
    await are_together(alice, bob)
    await alice.say_in_chat("Still there?")
    await expect(bob.lines().filter(has_text="Still there?")).to_have_count(1)
    await alice.button("pause").click()
    await bob.sees_it_stand((await alice.player())["position"])


async def test_while_the_server_is_away_the_page_says_so_and_keeps_what_is_typed(
    meet: Meet, own_site: ServerProcess, films: FilmHost
) -> None:
    alice, bob = await meet("Alice", at=own_site), await meet("Bob", at=own_site)
    await bob.join(await alice.open_room(own_site.url, films.url()))
    own_site.kill()
    for person in (alice, bob):
        await is_offline(person)
    box = alice.page.get_by_label(say("chat_say"))
    await alice.say_in_chat("Said while it was away")
    await expect(alice.lines().filter(has_text=say("chat_pending"))).to_have_count(1)
    await box.fill("Only begun")
    own_site.start()
    for person in (alice, bob):
        await is_back(person)
    said = "Said while it was away"
    await expect(bob.lines().filter(has_text=said)).to_have_count(1)
    await expect(alice.lines().filter(has_text=said)).to_have_count(1)
    await expect(alice.lines().filter(has_text=say("chat_pending"))).to_have_count(0)
    await expect(box).to_have_value("Only begun")


async def test_a_line_that_was_sent_into_the_void_arrives_once(
    meet: Meet, site: ServerProcess, line: Proxy
) -> None:
    """It reached the server, but the answer was lost: it is sent again, and said once."""
    alice, bob = await meet("Alice"), await meet("Bob")
    bob.hosts.add(urlsplit(line.url).netloc)
    link = await alice.open_room(site.url)
    await bob.join(link.replace(site.url, line.url))
    line.answers = False
    await bob.say_in_chat("Once only")
    await expect(alice.lines().filter(has_text="Once only")).to_have_count(1)
    await expect(bob.lines().filter(has_text=say("chat_pending"))).to_have_count(1)
    line.cut()
    line.answers = True
    await expect(bob.lines().filter(has_text=say("chat_pending"))).to_have_count(0)
    await is_back(bob)
    await expect(bob.lines().filter(has_text="Once only")).to_have_count(1)
    await expect(alice.lines().filter(has_text="Once only")).to_have_count(1)


async def test_without_a_network_it_waits_for_one(
    meet: Meet, site: ServerProcess, films: FilmHost, line: Proxy
) -> None:
    alice, bob = await meet("Alice"), await meet("Bob")
    bob.hosts.add(urlsplit(line.url).netloc)
    link = await alice.open_room(site.url, films.url())
    await bob.join(link.replace(site.url, line.url))
    await bob.has_video()
    await bob.context.set_offline(True)
    line.cut()  # a browser that plays at being offline keeps its sockets
    await expect(bob.page.get_by_text(say("link_offline"))).to_be_visible()
    await alice.button("play").click()
    await alice.sees_it_play()
    await bob.context.set_offline(False)
    await is_back(bob)
    await bob.sees_it_play()
    await are_together(alice, bob)


async def test_what_the_host_has_chosen_stays_so_until_the_room_has_answered(
    meet: Meet, site: ServerProcess
) -> None:
    alice, silent = await meet("Alice"), asyncio.Event()

    def pass_on_until_silent(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda said: None if silent.is_set() else socket.send(said))

    await alice.page.route_web_socket(re.compile("/ws/room/"), pass_on_until_silent)
    await alice.open_room(site.url)
    await alice.button("settings").click()
    silent.set()
    choice = alice.radio("settings_control_everyone")
    await choice.check()
    await alice.page.evaluate(SHOW_ANEW)
    await expect(choice).to_be_checked()
