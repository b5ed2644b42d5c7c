from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncplay_backend.domain.people import Role
from syncplay_backend.domain.state import Video, Visibility
from syncplay_backend.domain.timeline import Timeline
from syncplay_backend.domain.views import iso, member_view, number, outside_view, room_view
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    BOB,
    BOBS_KEY,
    EPOCH,
    FILM,
    HOME,
    NOW,
    ROOM,
    SECOND,
    after,
    join,
    member,
    movie_night,
    with_member,
)

ROOM_FIELDS = {
    *("id", "name", "host_id", "current_video_url", "current_video_title", "current_position"),
    *("is_playing", "created_at", "users", "user_count", "playback_rate", "seq", "epoch"),
    *("server_time", "settings", "waiting", "position_at"),
}
MEMBER_FIELDS = {"id", "name", "is_host", "is_online", "joined_at", "role"}


def as_json(view):
    return msgspec.json.decode(msgspec.json.encode(view))


def test_a_room_has_the_fields_of_the_contract():
    assert set(as_json(room_view(movie_night(), NOW))) == ROOM_FIELDS | {
        "visibility",
        "has_password",
    }


def test_a_room_tells_what_it_is():
    seen = as_json(room_view(movie_night(), NOW))

    assert (seen["id"], seen["epoch"], seen["host_id"]) == (str(ROOM), str(EPOCH), str(ALICE))
    assert (seen["name"], seen["current_video_url"]) == ("Movie night", FILM)
    assert seen["settings"] == {"control": "host", "wait": "all"}
    assert seen["server_time"] == NOW
    assert seen["seq"] == movie_night().seq


def test_a_position_advances_while_the_video_plays():
    room = movie_night(timeline=Timeline(120, NOW, playing=True))

    assert room_view(room, NOW + 2_500).current_position == 122.5


def test_whole_numbers_are_written_whole():
    room = movie_night(timeline=Timeline(120.0, NOW, playing=True))
    written = msgspec.json.encode(room_view(room, NOW)).decode()

    assert '"current_position":120,' in written
    assert '"playback_rate":1,' in written


def test_everybody_who_holds_a_place_is_listed_connected_or_not():
    seen = as_json(room_view(after(movie_night(), join("Charlie"), now=NOW + SECOND), NOW))

    assert [user["name"] for user in seen["users"]] == ["Alice", "Bob", "Charlie"]
    assert [user["is_online"] for user in seen["users"]] == [True, True, False]
    assert seen["user_count"] == 3


def test_who_came_first_is_listed_first():
    room = with_member(movie_night(), ALICE, joined_at=NOW + 1)

    assert [user.name for user in room_view(room, NOW).users] == ["Bob", "Alice"]


def test_who_came_in_the_same_instant_is_listed_in_the_same_order_to_all():
    room = after(movie_night(), join("Charlie"), now=NOW)
    together = {id: replace(someone, joined_at=NOW) for id, someone in room.members.items()}
    backwards = dict(reversed(together.items()))

    listed = room_view(replace(room, members=together), NOW).users
    assert listed == room_view(replace(room, members=backwards), NOW).users


def test_a_member_has_the_fields_of_the_contract():
    seen = as_json(member_view(member(movie_night(), BOB), is_host=False))

    assert set(seen) == MEMBER_FIELDS
    assert (seen["id"], seen["name"], seen["role"]) == (str(BOB), "Bob", "member")


@pytest.mark.parametrize(
    ("role", "is_host", "shown"),
    [
        (Role.MEMBER, True, "host"),
        (Role.MODERATOR, True, "host"),
        (Role.MODERATOR, False, "moderator"),
    ],
)
def test_the_host_is_the_host_whatever_else(role, is_host, shown):
    someone = member(with_member(movie_night(), BOB, role=role), BOB)

    assert member_view(someone, is_host=is_host).role == shown


def test_no_view_holds_a_key_a_hash_or_an_address():
    room = after(
        movie_night(password_hash="pbkdf2$hash"), join("Charlie", verified_hash="pbkdf2$hash")
    )
    written = msgspec.json.encode(room_view(room, NOW)).decode()

    for key in (ALICES_KEY, BOBS_KEY):
        assert str(key.value) not in written
        assert key.hash.hex() not in written
    assert HOME not in written
    assert "pbkdf2" not in written


class TestFromOutside:
    def secret(self):
        changes = {"password_hash": "x", "video": Video(FILM, "Secret film")}
        timeline = Timeline(120, NOW, playing=True)
        return movie_night(visibility=Visibility.PRIVATE, timeline=timeline, **changes)

    def test_a_stranger_sees_that_the_room_is_there(self):
        seen = outside_view(self.secret(), NOW)

        assert (seen.id, seen.name, seen.user_count) == (ROOM, "Movie night", 2)
        assert seen.has_password

    def test_and_nothing_of_what_goes_on_in_it(self):
        written = msgspec.json.encode(outside_view(self.secret(), NOW)).decode()

        for secret in ("Alice", "Bob", str(ALICE), str(BOB), FILM, "Secret", "120"):
            assert secret not in written

    def test_it_has_the_same_fields(self):
        inside, outside = (as_json(view(self.secret(), NOW)) for view in (room_view, outside_view))

        assert set(inside) == set(outside)

    def test_a_room_without_a_password_does_not_say_that_it_has_one(self):
        room = replace(self.secret(), password_hash="")

        assert not outside_view(room, NOW).has_password


def test_an_instant_has_milliseconds_and_a_time_zone():
    assert iso(1_700_000_000_123) == "2023-11-14T22:13:20.123+00:00"


@given(st.integers(0, 4_000_000_000_000))
def test_an_instant_is_written_to_the_millisecond(at):
    passed = datetime.fromisoformat(iso(at)) - datetime(1970, 1, 1, tzinfo=UTC)

    assert passed.total_seconds() * 1000 == pytest.approx(at, abs=0.01)


@pytest.mark.parametrize(
    ("value", "written"),
    [(120.0, "120"), (120.25, "120.25"), (0.0, "0"), (-0.0, "0"), (1e7, "10000000")],
)
def test_a_number_is_written_as_people_would(value, written):
    assert msgspec.json.encode(number(value)).decode() == written
