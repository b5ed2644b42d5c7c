"""The admin: what an operator sees of the rooms, and the one thing that can be done to them."""

import html
import re
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Room, User
from tests.api.database import in_database
from tests.conftest import GiveParty
from tests.ops.browser import Browser, make_admin, make_onlooker
from tests.peer import Peer, Rest, Seat, create_room, join_room
from tests.process import ServerProcess

ROOMS = "/admin/rooms/room/"
LISTS = [ROOMS, "/admin/rooms/user/", "/admin/rooms/message/", "/admin/rooms/roomsession/"]


@pytest.fixture(scope="module")
def admin(server: ServerProcess) -> Browser:
    return Browser.of(server, make_admin())


@pytest.fixture(scope="module")
def onlooker(server: ServerProcess) -> Browser:
    return Browser.of(server, make_onlooker())


@pytest.fixture
def tag() -> str:
    """A word that finds the rooms of this test, and no others."""
    return uuid4().hex[:12]


def rows(page: str) -> list[str]:
    """The lines of a list, as text."""
    found = re.findall(r'<tr>(<t[dh] class="(?:action|field).*?)</tr>', page, re.S)
    return [html.unescape(re.sub(r"<[^>]+>|\s+", " ", row)) for row in found]


def close(browser: Browser, *room_ids: str) -> str:
    form: dict[str, str | list[str]] = {
        "action": "close_rooms",
        "_selected_action": list(room_ids),
        "index": "0",
    }
    page = browser.post(ROOMS, **form)
    assert page.status == 200
    return html.unescape(page.html)


@pytest.mark.parametrize("path", LISTS)
async def test_every_list_is_shown_and_searched(
    admin: Browser, server: ServerProcess, party: GiveParty, path: str
) -> None:
    room_id = (await party(server)).room_id
    assert admin.get(path).status == 200
    found = admin.get(f"{path}?q={room_id}")
    assert found.status == 200
    assert rows(found.html), "the search for the room's id finds nothing"


FILTERS = {
    "rooms/room/": "open=yes&online=yes&is_playing__exact=0&visibility__exact=public",
    "rooms/user/": "is_online__exact=1&is_host__exact=1&role__exact=member",
    "rooms/message/": "type=user_joined",
    "rooms/roomsession/": "connected_at__isnull=False",
}


@pytest.mark.parametrize("path", FILTERS)
async def test_filters_that_fit_find_the_row_and_others_do_not(
    admin: Browser, server: ServerProcess, party: GiveParty, path: str
) -> None:
    room_id = (await party(server)).room_id
    search = f"/admin/{path}?q={room_id}"
    assert rows(admin.get(f"{search}&{FILTERS[path]}").html)
    if path == "rooms/room/":
        for other in ("open=no", "online=no", "is_playing__exact=1"):
            assert not rows(admin.get(f"{search}&{other}").html)


async def test_a_room_shows_who_is_there_and_where_the_video_is_now(
    admin: Browser, server: ServerProcess, party: GiveParty
) -> None:
    there = await party(server)
    join_room(server, there.room_id, "Charlie")
    await there.alice.send(
        "video_changed", videoUrl="https://example.com/a.mp4", videoTitle="Bunny"
    )
    await there.alice.send("play", position=3600)
    await there.bob.expect("play")
    (row,) = rows(admin.get(f"{ROOMS}?q={there.room_id}").html)
    assert "Alice" in row
    assert "Bunny" in row
    assert re.search(r" 2 +3 ", row), "two of three are online"
    assert re.search(r" 1:00:\d\d ", row)


async def test_the_position_moves_on_while_it_plays(
    admin: Browser, server: ServerProcess, party: GiveParty
) -> None:
    there = await party(server)
    await there.alice.send("play", position=0)
    await there.bob.expect("play")
    await in_database(
        lambda: Room.objects.filter(id=there.room_id).update(anchored_at=1_000, stamp=new_stamp())
    )
    (row,) = rows(admin.get(f"{ROOMS}?q={there.room_id}").html)
    assert re.search(r" \d{6}:\d\d:\d\d ", row), "it has been playing since 1970"


async def test_a_room_and_its_people_show_how_well_they_are_in_step(
    admin: Browser, server: ServerProcess
) -> None:
    alice = create_room(server)
    (row,) = rows(admin.get(f"{ROOMS}?q={alice.room_id}").html)
    assert "not known" in row
    peer = await Peer.connect(server, alice.room_id)
    await peer.join(alice.key, protocol=2)
    for offset in (-7.5, 12.25):
        await peer.send("status", state="ready", position=1, offset=offset)
    await peer.send("heartbeat")
    await peer.expect("heartbeat")
    for listed in (ROOMS, "/admin/rooms/user/"):
        (row,) = rows(admin.get(f"{listed}?q={alice.room_id}").html)
        assert "8 ms, 95 % within 12 ms" in row
    await peer.close()


def test_people_are_found_by_their_name_or_their_room(
    admin: Browser, server: ServerProcess, tag: str
) -> None:
    seat = create_room(server, user_name=f"Alice {tag}")
    join_room(server, seat.room_id, "Bob")
    assert len(rows(admin.get(f"/admin/rooms/user/?q={tag}").html)) == 1
    assert len(rows(admin.get(f"/admin/rooms/user/?q={seat.room_id}").html)) == 2
    assert len(rows(admin.get(f"{ROOMS}?q={tag}").html)) == 1, "a room is found by its host"


def pages_about(seat: Seat) -> list[str]:
    of_room = f"?room__id__exact={seat.room_id}"
    return [
        *(path + (of_room if path != ROOMS else f"?q={seat.room_id}") for path in LISTS),
        f"{ROOMS}{seat.room_id}/change/",
        f"/admin/rooms/user/{seat.public_id}/change/",
    ]


def test_no_page_shows_a_key_a_password_or_an_address(
    admin: Browser, server: ServerProcess
) -> None:
    seat = create_room(server, password="hunter2 hunter2")
    user = User.objects.get(id=seat.public_id)
    room = Room.objects.get(id=seat.room_id)
    secrets = [seat.key, seat.key.replace("-", ""), bytes(user.key_hash).hex(), user.address]
    secrets += [room.password_hash, html.escape(room.password_hash), repr(bytes(user.key_hash))]
    for path in pages_about(seat):
        page = admin.get(path)
        assert page.status == 200, path
        assert "Alice" in page.html or "roomsession" in path
        assert [secret for secret in secrets if secret in page.html] == [], path


@pytest.mark.parametrize("path", LISTS)
def test_nothing_can_be_added(admin: Browser, path: str) -> None:
    assert admin.get(f"{path}add/").status == 403


def test_nothing_can_be_changed_or_deleted(admin: Browser, server: ServerProcess) -> None:
    seat = create_room(server)
    page = admin.get(f"{ROOMS}{seat.room_id}/change/")
    assert 'name="_save"' not in page.html
    assert "delete" not in page.html.lower().partition("<main")[2]
    assert admin.post(f"{ROOMS}{seat.room_id}/change/", name="Hijacked").status == 403
    assert admin.post(f"{ROOMS}{seat.room_id}/delete/", post="yes").status == 403
    assert "delete_selected" not in admin.get(ROOMS).html
    assert Room.objects.get(id=seat.room_id).name == "Movie Night"


async def test_members_see_their_room_close(
    admin: Browser, server: ServerProcess, party: GiveParty
) -> None:
    there = await party(server)
    assert "Closed 1 room." in close(admin, there.room_id)
    for peer in (there.alice, there.bob):
        await peer.expect_error("room_closed")
        assert await peer.closed() == 4410
    answer = Rest(server).get(f"/api/rooms/{there.room_id}/")
    assert (answer.status, answer.body["code"]) == (410, "room_closed")
    entries = LogEntry.objects.filter(object_id=there.room_id, change_message="Closed.")
    assert await in_database(entries.exists)


def test_several_are_closed_at_once_and_closed_ones_are_named(
    admin: Browser, server: ServerProcess
) -> None:
    first, second, third = (create_room(server, room_name=f"Room {n}") for n in "123")
    close(admin, first.room_id)
    said = close(admin, first.room_id, second.room_id, third.room_id)
    assert "Closed 2 rooms." in said
    assert "Room 1 was closed already." in said


def test_who_may_only_look_cannot_close(onlooker: Browser, server: ServerProcess) -> None:
    seat = create_room(server)
    assert all(onlooker.get(path).status == 200 for path in LISTS)
    assert "close_rooms" not in onlooker.get(ROOMS).html
    close(onlooker, seat.room_id)
    assert Room.objects.get(id=seat.room_id).closed_at is None


def test_a_stranger_is_asked_to_log_in(server: ServerProcess) -> None:
    page = Browser(server).get(ROOMS)
    assert 'name="password"' in page.html
    assert rows(page.html) == []


@pytest.mark.parametrize("path", LISTS)
def test_a_longer_list_takes_no_more_queries(server: ServerProcess, tag: str, path: str) -> None:
    client = Client()
    client.force_login(make_admin())

    def queries() -> int:
        for _ in range(3):
            seat = create_room(server, room_name=tag, user_name="Alice")
            join_room(server, seat.room_id, "Bob")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(path, {"q": tag}).status_code == 200
        return len(asked)

    assert queries() == queries()
