from __future__ import annotations

from uuid import uuid4

import pytest

from tests.api.refusals import assert_refused
from tests.conftest import Connect
from tests.peer import Answer, Rest, Seat, join_room
from tests.process import ServerProcess

VIDEO = "https://example.com/video.mp4"


def change_video(server: ServerProcess, seat: Seat, **body: object) -> Answer:
    wish = {"user_id": seat.key, "video_url": VIDEO} | body
    return Rest(server).post(f"/api/rooms/{seat.room_id}/change-video/", wish)


def test_alice_changes_the_video(server: ServerProcess, alice: Seat) -> None:
    answer = change_video(server, alice, video_title="Big Buck Bunny")

    assert answer.status == 200
    room = answer.body["room"]
    assert room["current_video_url"] == VIDEO
    assert room["current_video_title"] == "Big Buck Bunny"


def test_a_new_video_stands_at_its_beginning(
    server: ServerProcess, rest: Rest, alice: Seat
) -> None:
    play = {"user_id": alice.key, "action": "play", "position": 120}
    rest.post(f"/api/rooms/{alice.room_id}/control/", play)

    room = change_video(server, alice).body["room"]

    assert (room["current_position"], room["is_playing"], room["playback_rate"]) == (0, False, 1)


def test_a_video_without_a_title_does_not_keep_the_old_one(
    server: ServerProcess, alice: Seat
) -> None:
    change_video(server, alice, video_title="Big Buck Bunny")
    room = change_video(server, alice, video_url="https://example.com/other.mp4").body["room"]

    assert room["current_video_title"] == ""


async def test_everybody_in_the_room_sees_it(
    server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    watching = await connect(server, join_room(server, alice.room_id, "Bob"))

    change_video(server, alice, video_title="Big Buck Bunny")

    changed = await watching.expect("video_changed")
    assert changed["userId"] == alice.public_id
    assert changed["data"] | {"at": 0} == {
        "videoUrl": VIDEO,
        "videoTitle": "Big Buck Bunny",
        "position": 0,
        "isPlaying": False,
        "at": 0,
    }


def test_bob_may_not_change_the_video(server: ServerProcess, alice: Seat) -> None:
    bob = join_room(server, alice.room_id, "Bob")
    assert_refused(change_video(server, bob), 403, "not_allowed")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:video/mp4;base64,AAAA",
        "file:///etc/passwd",
        "ftp://example.com/video.mp4",
        "//example.com/video.mp4",
        "https://",
        "https://alice@example.com/",
        "https://exa mple.com/",
        "https://example.com/\u0000",
        120,
        False,
    ],
)
def test_an_address_that_no_player_should_open_is_refused(
    server: ServerProcess, alice: Seat, url: object
) -> None:
    assert_refused(change_video(server, alice, video_url=url), 400, "invalid", "video_url")


def test_an_address_is_needed(server: ServerProcess, alice: Seat) -> None:
    assert_refused(change_video(server, alice, video_url=None), 400, "invalid", "video_url")


def test_an_address_is_kept_as_it_was_given(server: ServerProcess, alice: Seat) -> None:
    url = "https://example.com/a%20b.mp4?x=%2F&y=ü#t=10"
    assert change_video(server, alice, video_url=url).body["room"]["current_video_url"] == url


def test_there_is_no_such_room(rest: Rest, alice: Seat) -> None:
    body = {"user_id": alice.key, "video_url": VIDEO}
    answer = rest.post(f"/api/rooms/{uuid4()}/change-video/", body)
    assert_refused(answer, 404, "room_not_found")
