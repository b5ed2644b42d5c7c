"""The page of a room, and what a preview of its link tells strangers."""

from uuid import uuid4

import pytest

from syncplay_backend.rooms.models import Room
from tests.pages.outline import get, policy, show
from tests.peer import Rest, create_room
from tests.process import ServerProcess

VIDEO = {"video_url": "https://example.com/bunny.mp4", "video_title": "Big Buck Bunny"}


def test_it_has_what_its_scripts_need(server: ServerProcess) -> None:
    seat = create_room(server)
    page = show(server, f"/room/{seat.room_id}")
    page.assert_nothing_is_inline()
    assert page.said["title"] == "Movie Night · SyncPlay"
    assert page.data["room"] == {"id": seat.room_id, "name": "Movie Night", "needsPassword": False}
    assert page.data["texts"]["join_go"] == "Join"


def test_a_preview_tells_the_room_and_what_it_watches(server: ServerProcess) -> None:
    seat = create_room(server, **VIDEO)
    told = show(server, f"/room/{seat.room_id}?utm=x").meta()
    assert told["og:title"] == "Movie Night"
    assert told["og:description"] == "Big Buck Bunny"
    assert told["og:url"] == f"{server.url}/room/{seat.room_id}"


@pytest.mark.parametrize("password", [None, "hunter2"])
def test_of_a_private_room_strangers_learn_nothing(
    server: ServerProcess, password: str | None
) -> None:
    seat = create_room(server, visibility="private", password=password, **VIDEO)
    answer, page = get(server, f"/room/{seat.room_id}")
    assert answer.status == 200
    assert page.data["room"] == {
        "id": seat.room_id,
        "name": "",
        "needsPassword": password is not None,
    }
    everything = f"{answer.headers}{answer.body}"
    for secret in ("Movie Night", "Bunny", "bunny", "Alice", "hunter2", seat.key, seat.public_id):
        assert secret not in everything
    assert page.meta()["og:title"] == "A room on SyncPlay"


def test_of_a_room_behind_a_password_they_learn_its_name_alone(server: ServerProcess) -> None:
    seat = create_room(server, password="hunter2", **VIDEO)
    answer, page = get(server, f"/room/{seat.room_id}")
    assert page.data["room"]["needsPassword"] is True
    assert page.meta()["og:title"] == "Movie Night"
    assert "unny" not in answer.body


def test_nobody_learns_who_is_in_a_room(server: ServerProcess) -> None:
    seat = create_room(server, user_name="Alice the host")
    assert "Alice" not in Rest(server).get(f"/room/{seat.room_id}").body


def test_search_engines_are_asked_to_leave_it_out(server: ServerProcess) -> None:
    seat = create_room(server)
    assert show(server, f"/room/{seat.room_id}").meta()["robots"] == "noindex"


def test_names_are_text_and_no_markup(server: ServerProcess) -> None:
    evil = '</script><script>alert("1")</script>'
    seat = create_room(server, room_name=evil, video_title=evil, video_url="https://example.com/a")
    page = show(server, f"/room/{seat.room_id}")
    page.assert_nothing_is_inline()
    assert page.data["room"]["name"] == page.meta()["og:title"] == evil


@pytest.mark.parametrize(
    "address",
    [
        "00000000-0000-0000-0000-000000000000",
        str(uuid4()),
        str(uuid4())[:-1],
        uuid4().hex,
        "none",
        "%00",
        "a" * 3_000,
        "%F0%9F%8E%89",
    ],
)
def test_a_room_that_is_not_there_is_a_page_in_words(server: ServerProcess, address: str) -> None:
    answer, page = get(server, f"/room/{address}")
    assert answer.status == 404
    assert page.said["h1"] == "This room is not there (any more)"
    assert any(link["href"] == "/" for link in page.all("a"))


def test_a_room_that_was_closed_is_gone(server: ServerProcess) -> None:
    seat = create_room(server)
    Room.objects.filter(id=seat.room_id).update(closed_at=1)
    answer, page = get(server, f"/room/{seat.room_id}")
    assert answer.status == 410
    assert "not there" in page.said["h1"]


def test_a_slash_too_many_leads_there_all_the_same(server: ServerProcess) -> None:
    seat = create_room(server)
    answer = Rest(server).get(f"/room/{seat.room_id}/?lang=de")
    assert (answer.status, answer.headers["Location"]) == (302, f"/room/{seat.room_id}?lang=de")


def test_it_alone_may_load_what_players_need(server: ServerProcess) -> None:
    seat = create_room(server)
    answer, _ = get(server, f"/room/{seat.room_id}")
    allowed = policy(answer)
    assert allowed["script-src"] == {
        "'self'",
        "https://www.youtube.com",
        "https://player.vimeo.com",
    }
    assert allowed["frame-src"] == {
        "https://www.youtube-nocookie.com",
        "https://www.youtube.com",
        "https://player.vimeo.com",
    }
    assert allowed["media-src"] == {"'self'", "https:", "http:", "blob:"}
    assert allowed["connect-src"] == {"'self'", "https:", "http:"}
