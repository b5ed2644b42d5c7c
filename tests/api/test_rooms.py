from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Room
from syncplay_backend.services import execute
from tests.api.database import in_database
from tests.api.refusals import assert_refused
from tests.conftest import Connect
from tests.peer import Rest, Seat, create_room
from tests.process import ServerProcess

ROOMS = "/api/rooms/"
TWO_HOURS = 2 * 3_600_000


def listed(rest: Rest) -> Iterator[dict[str, Any]]:
    """Every room of the list, page by page."""
    page = rest.get(f"{ROOMS}?limit=200").body
    yield from page["rooms"]
    while page["next"]:
        page = rest.get(f"{ROOMS}?limit=200&before={page['next']}").body
        yield from page["rooms"]


def is_listed(rest: Rest, room_id: str) -> bool:
    return any(room["id"] == room_id for room in listed(rest))


def fall_silent(room_id: str) -> None:
    """Nothing has happened in the room for two hours."""
    room = Room.objects.get(id=room_id)
    Room.objects.filter(id=room_id).update(active_at=room.active_at - TWO_HOURS, stamp=new_stamp())


def test_the_newest_room_comes_first(rest: Rest, server: ServerProcess) -> None:
    older, newer = create_room(server), create_room(server)

    answer = rest.get(ROOMS)

    assert answer.status == 200
    assert answer.body.keys() == {"status", "rooms", "count", "next"}
    ids = [room["id"] for room in answer.body["rooms"]]
    assert ids.index(newer.room_id) < ids.index(older.room_id)
    assert answer.body["count"] == len(ids) <= 50


def test_a_listed_room_is_the_room(rest: Rest, alice: Seat) -> None:
    room = next(room for room in listed(rest) if room["id"] == alice.room_id)
    alone = rest.get(f"/api/rooms/{alice.room_id}/").body["room"]

    now = {"server_time": 0, "position_at": 0}
    assert room | now == alone | now


def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    rest: Rest, server: ServerProcess
) -> None:
    made = [create_room(server).room_id for _ in range(5)]
    before, seen = "", []
    for _ in range(3):
        page = rest.get(f"{ROOMS}?limit=2{before}").body
        assert page["count"] == len(page["rooms"]) <= 2
        seen += [room["id"] for room in page["rooms"]]
        create_room(server, room_name="Made while somebody reads on")
        before = f"&before={page['next']}"

    assert len(set(seen)) == len(seen) == 6
    assert [room_id for room_id in seen if room_id in made] == made[::-1]


def test_the_last_page_has_no_next(rest: Rest, alice: Seat) -> None:
    page = rest.get(f"{ROOMS}?limit=200").body
    while page["next"]:
        page = rest.get(f"{ROOMS}?limit=200&before={page['next']}").body
    assert page["next"] is None


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
def test_what_is_not_public_is_not_listed(
    rest: Rest, server: ServerProcess, visibility: str
) -> None:
    hidden = create_room(server, visibility=visibility)
    assert not is_listed(rest, hidden.room_id)


def test_of_a_room_with_a_password_strangers_see_little(rest: Rest, server: ServerProcess) -> None:
    alice = create_room(
        server, password="open sesame", video_url="https://example.com/v.mp4", video_title="Secret"
    )

    room = next(room for room in listed(rest) if room["id"] == alice.room_id)

    assert (room["has_password"], room["user_count"]) == (True, 1)
    assert (room["host_id"], room["users"]) == (None, [])
    assert (room["current_video_url"], room["current_video_title"]) == ("", "")


def test_a_room_in_which_nothing_happens_any_more_is_not_listed(rest: Rest, alice: Seat) -> None:
    assert is_listed(rest, alice.room_id)
    fall_silent(alice.room_id)
    assert not is_listed(rest, alice.room_id)


async def test_a_silent_room_is_listed_while_somebody_is_there(
    rest: Rest, server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    await connect(server, alice)
    await in_database(lambda: fall_silent(alice.room_id))
    assert is_listed(rest, alice.room_id)


def test_a_closed_room_is_not_listed(rest: Rest, alice: Seat) -> None:
    execute.answer(execute.submit(UUID(alice.room_id), c.Close()))
    assert not is_listed(rest, alice.room_id)


@pytest.mark.parametrize(
    "limit", ["0", "201", "-1", "ten", "", "1.5", "%00", "9" * 30, "%EF%BC%91"]
)
def test_a_limit_is_from_1_to_200(rest: Rest, limit: str) -> None:
    assert_refused(rest.get(f"{ROOMS}?limit={limit}"), 400, "invalid", "limit")


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "before",
    [
        "x",
        "",
        "%00",
        "%FF",
        "%C3%BC",
        cursor("."),
        cursor("1."),
        cursor("1.2"),
        cursor("x.550e8400-e29b-41d4-a716-446655440000"),
        cursor(f"{10**30}.550e8400-e29b-41d4-a716-446655440000"),
        cursor(f"-{10**30}.550e8400-e29b-41d4-a716-446655440000"),
    ],
)
def test_a_cursor_that_is_none_is_refused(rest: Rest, before: str) -> None:
    assert_refused(rest.get(f"{ROOMS}?before={before}"), 400, "invalid", "before")


def test_parameters_that_nobody_knows_are_ignored(rest: Rest) -> None:
    assert rest.get(f"{ROOMS}?format=xml&page=2").status == 200
