"""Coming in over REST, and what can be seen of rooms from outside."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Key, Name, Password, Title
from syncplay_backend.domain.policy import Control, Settings
from syncplay_backend.domain.state import Visibility
from syncplay_backend.live.limiter import limiter
from syncplay_backend.services import lobby
from syncplay_backend.services.addresses import fingerprint
from syncplay_backend.services.execute import answer, submit
from syncplay_backend.services.lobby import Seat, Wish
from tests.services.stage import FILM, Person, Stage, until

HOME = "192.0.2.1"
ALICE, BOB = Name("Alice"), Name("Bob")


def create(**wish: object) -> Seat:
    return lobby.create_room(Wish(**({"name": Name("Movie Night")} | wish)), ALICE, HOME)


def join(seat: Seat, name: Name = BOB, password: str | None = None) -> Seat:
    given = None if password is None else Password(password)
    return lobby.join_room(seat.room.id, name, given, HOME)


def stage_of(seat: Seat) -> Stage:
    return Stage(seat.room.id, Person(seat.member.id, seat.key))


def code_of(room_id: UUID, key: Key | None = None) -> Code:
    with pytest.raises(Refused) as caught:
        lobby.room(room_id, key)
    return caught.value.code


def test_who_creates_a_room_is_its_host_and_is_handed_a_key() -> None:
    seat = create()
    assert seat.is_host
    assert seat.room.host_id == seat.member.id
    assert seat.member.key_hash == seat.key.hash
    assert seat.key.value not in {seat.member.id, seat.room.id}


def test_a_room_is_what_was_wished_for() -> None:
    seat = create(
        video_url=FILM,
        video_title=Title("A film"),
        visibility=Visibility.UNLISTED,
        settings=Settings(control=Control.EVERYONE),
    )
    room = lobby.room(seat.room.id, None)
    assert (room.current_video_url, room.current_video_title) == (FILM, "A film")
    assert (room.visibility, room.settings.control) == ("unlisted", Control.EVERYONE)
    assert not room.has_password


def test_who_joins_has_a_place_and_a_key_of_its_own() -> None:
    alice = create()
    bob = join(alice)
    assert not bob.is_host
    # both may have come within one millisecond, and then have no order
    assert {user.name for user in bob.room.users} == {"Alice", "Bob"}
    assert bob.key != alice.key


def test_an_address_is_kept_as_a_fingerprint_only() -> None:
    seat = create()
    kept = stage_of(seat).user(Person(seat.member.id, seat.key)).address
    assert kept == fingerprint(HOME)
    assert HOME not in kept


def test_a_name_is_taken_once() -> None:
    alice = create()
    with pytest.raises(Refused) as caught:
        join(alice, Name("ALICE"))
    assert caught.value.code is Code.NAME_TAKEN


def test_a_password_is_asked_for_and_never_kept() -> None:
    alice = create(password=Password("popcorn"))
    assert "popcorn" not in stage_of(alice).row.password_hash
    for wrong in (None, "crisps"):
        with pytest.raises(Refused) as caught:
            join(alice, BOB, wrong)
        assert caught.value.code is Code.WRONG_PASSWORD
    assert join(alice, BOB, "popcorn").member.name == "Bob"


@pytest.mark.parametrize("wish", [{"visibility": Visibility.PRIVATE}, {"password": Password("x")}])
def test_a_room_that_is_not_open_is_shown_to_members_only(wish: dict) -> None:
    seat = create(**wish)
    assert lobby.room(seat.room.id, seat.key).id == seat.room.id
    for stranger in (None, Key(uuid4())):
        assert code_of(seat.room.id, stranger) is Code.UNKNOWN_USER


def test_a_room_that_is_gone_or_closed_says_so() -> None:
    assert code_of(uuid4()) is Code.ROOM_NOT_FOUND
    seat = create()
    answer(submit(seat.room.id, c.Close()))
    assert code_of(seat.room.id, seat.key) is Code.ROOM_CLOSED


def test_the_position_is_as_of_now() -> None:
    seat = create(video_url=FILM)
    stage_of(seat).play(100)
    first = lobby.room(seat.room.id, None)
    later = until(
        lambda: (seen := lobby.room(seat.room.id, None)).current_position > 100.02 and seen
    )
    assert later.current_position > first.current_position >= 100
    assert later.is_playing


def test_who_shows_its_key_keeps_its_place() -> None:
    bob = join(create())
    stage = Stage(bob.room.id, Person(bob.member.id, bob.key))
    assert not stage.user(stage.alice).key_used
    lobby.room(bob.room.id, bob.key)
    until(lambda: stage.user(stage.alice).key_used)


def test_the_list_shows_public_rooms_and_of_those_with_a_password_only_that_they_are_there() -> (
    None
):
    seen = create(video_url=FILM)
    behind = create(video_url=FILM, password=Password("popcorn"))
    hidden = create(visibility=Visibility.UNLISTED)
    rooms = {room.id: room for room in lobby.public_rooms(200, None)[0]}
    assert rooms[seen.room.id].current_video_url == FILM
    assert [user.name for user in rooms[seen.room.id].users] == ["Alice"]
    outside = rooms[behind.room.id]
    assert (outside.current_video_url, outside.users, outside.user_count) == ("", [], 1)
    assert outside.has_password
    assert hidden.room.id not in rooms


def test_creating_and_joining_are_limited_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(lobby, "CREATE_ROOM", limits.Allowance(1, 0.02))
    monkeypatch.setattr(lobby, "JOIN_ROOM", limits.Allowance(1, 0.01))
    alice = create()
    join(alice)
    for again in (create, lambda: join(alice, Name("Charlie"))):
        with pytest.raises(Refused) as caught:
            again()
        assert caught.value.code is Code.SLOW_DOWN


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.UNLISTED])
def test_who_has_the_link_sees_what_is_watched(visibility: Visibility) -> None:
    seat = create(visibility=visibility, video_url=FILM, video_title=Title("A film"))
    seen = lobby.preview(seat.room.id)
    assert (seen.name, seen.video, seen.needs_password) == ("Movie Night", "A film", False)


def test_of_a_private_room_a_stranger_sees_nothing() -> None:
    seat = create(visibility=Visibility.PRIVATE, video_url=FILM, video_title=Title("A film"))
    seen = lobby.preview(seat.room.id)
    assert (seen.name, seen.video) == ("", "")


def test_of_a_locked_room_a_stranger_sees_that_it_is_locked() -> None:
    seat = create(password=Password("hunter2"), video_url=FILM, video_title=Title("A film"))
    seen = lobby.preview(seat.room.id)
    assert (seen.name, seen.video, seen.needs_password) == ("Movie Night", "", True)
