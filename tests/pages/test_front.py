"""The first page."""

import html
import re
from uuid import uuid4

import pytest

from syncplay_backend.pages.front import is_web_address
from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Room
from tests.api.database import in_database
from tests.conftest import GiveParty
from tests.pages.outline import Outline
from tests.peer import Rest, create_room, join_room
from tests.process import ServerProcess

VIDEO = {"video_url": "https://example.com/bunny.mp4", "video_title": "Big Buck Bunny"}


@pytest.fixture
def name() -> str:
    return f"Movie Night {uuid4().hex[:8]}"


def page(server: ServerProcess, path: str = "/") -> str:
    status, headers, text = Rest(server).get(path)
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    return str(text)


def card(server: ServerProcess, name: str) -> str:
    """What the page shows of a room, tags and all."""
    (found,) = [
        c for c in re.findall(r"<li>.*?</li>", page(server), re.S) if html.escape(name) in c
    ]
    return str(found)


def test_a_public_room_is_listed_with_its_video_and_people(
    server: ServerProcess, name: str
) -> None:
    seat = create_room(server, room_name=name, **VIDEO)
    join_room(server, seat.room_id, "Bob")
    shown = card(server, name)
    assert "Big Buck Bunny" in shown
    assert 'href="https://example.com/bunny.mp4"' in shown
    assert "Paused" in shown
    assert "at 0:00" in shown
    assert "People: 2 · online: 0" in shown


async def test_it_tells_where_the_video_is_now(server: ServerProcess, party: GiveParty) -> None:
    there = await party(server)
    name = f"Now {uuid4().hex[:8]}"
    await in_database(
        lambda: Room.objects.filter(id=there.room_id).update(name=name, stamp=new_stamp())
    )
    await there.alice.send("video_changed", videoUrl="https://example.com/a.mp4")
    await there.alice.send("play", position=3600)
    await there.bob.expect("play")
    shown = card(server, name)
    assert "Playing" in shown
    assert re.search(r"at 1:00:\d\d", shown)
    assert "People: 2 · online: 2" in shown


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
def test_what_is_not_public_is_not_listed(
    server: ServerProcess, name: str, visibility: str
) -> None:
    create_room(server, room_name=name, visibility=visibility)
    assert name not in page(server)


def test_behind_a_password_nobody_sees_what_is_watched(server: ServerProcess, name: str) -> None:
    create_room(server, room_name=name, password="hunter2", **VIDEO)
    shown = card(server, name)
    assert "Behind a password" in shown
    assert "unny" not in shown


def test_names_and_titles_are_text_and_no_markup(server: ServerProcess) -> None:
    evil = f'<script>alert("{uuid4().hex[:8]}")</script>'
    create_room(
        server,
        room_name=evil,
        video_title=f"</a>{evil}",
        video_url='https://example.com/"onmouseover="alert(1)',
    )
    shown = card(server, evil)
    assert "<script" not in shown
    assert 'onmouseover="' not in html.unescape(shown.partition('href="')[2].partition('"')[0])[30:]
    Outline(page(server)).assert_nothing_is_inline()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//example.com", "", "JAVASCRIPT:x", "http"]
)
def test_an_address_that_is_not_of_the_web_is_no_link(
    server: ServerProcess, name: str, url: str
) -> None:
    """No door lets one in; but an older one, or a hand, may have put it into the database."""
    assert not is_web_address(url)
    seat = create_room(server, room_name=name, **VIDEO)
    Room.objects.filter(id=seat.room_id).update(current_video_url=url, stamp=new_stamp())
    assert re.findall(r'href="([^"]*)"', card(server, name)) == [f"/room/{seat.room_id}"]


def test_closed_rooms_are_gone(server: ServerProcess, name: str) -> None:
    seat = create_room(server, room_name=name)
    Room.objects.filter(id=seat.room_id).update(closed_at=1, stamp=new_stamp())
    assert name not in page(server)


def test_many_rooms_take_several_pages(server: ServerProcess, name: str) -> None:
    create_room(server, room_name=name)
    for _ in range(50):
        create_room(server)
    first = page(server)
    assert name not in first
    (older,) = re.findall(r'href="(/\?before=[^"]+)"', first)
    second = page(server, html.unescape(older))
    assert name in second
    assert 'href="/">Newest rooms' in second


def test_a_page_that_never_was_is_not_found(server: ServerProcess) -> None:
    assert Rest(server).get("/?before=nonsense").status == 404


def test_everything_it_links_to_is_there(any_server: ServerProcess) -> None:
    text = page(any_server)
    found = re.findall(r'(?:href|src)="(/[^"]*)"', text)
    links = {link.partition("#")[0] for link in found}  # what follows stays in the browser
    assert {"/api/", "/api/health/", "/admin/"} <= links
    for link in links:
        assert Rest(any_server).get(html.unescape(link)).status in {200, 302}, link
    assert Rest(any_server).get("/favicon.ico").status == 302


def test_it_is_well_formed_and_for_everybody(server: ServerProcess, name: str) -> None:
    create_room(server, room_name=name, **VIDEO)
    outline = Outline(page(server))
    names = outline.names()
    assert names.count("h1") == names.count("main") == names.count("header") == 1
    assert outline.html == {"lang": "en", "dir": "ltr"}
    assert any(attrs.get("name") == "viewport" for _, attrs in outline.tags)
    assert all("alt" in attrs for tag, attrs in outline.tags if tag == "img")


def test_nothing_is_inline(server: ServerProcess) -> None:
    Outline(page(server)).assert_nothing_is_inline()


def test_its_scripts_are_told_the_words_and_where_the_files_are(server: ServerProcess) -> None:
    told = Outline(page(server)).data
    assert told["language"] == "en"
    assert told["texts"]["rooms_title"] == "Public rooms"
    assert Rest(server).get(told["web"] + "main-front.js").status == 200


def test_without_scripts_it_says_what_they_are_for(server: ServerProcess) -> None:
    assert "needs JavaScript" in Outline(page(server)).said["noscript"]
