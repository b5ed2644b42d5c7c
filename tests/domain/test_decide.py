from typing import get_args

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.decide import FAMILIES, create, decide
from syncplay_backend.domain.fields import Title, VideoUrl
from syncplay_backend.domain.state import Control, Settings, Visibility, apply_all
from tests.domain.cast import (
    ALICE,
    BOB,
    BOBS_TAB,
    EPOCH,
    FILM,
    NOW,
    ROOM,
    a_uuid,
    alice,
    enter,
    founding,
    join,
    member,
    movie_night,
)

ONE_OF_EACH = [
    c.Play(),
    c.Pause(),
    c.Seek(1.0),
    c.ChangeVideo(VideoUrl(FILM)),
    join("Charlie"),
    enter(join("Charlie").key, "Charlie"),
    c.Leave(),
    c.UsePlace(),
    c.Disconnect(BOBS_TAB),
    c.EndLease(BOB, BOBS_TAB),
    c.Reenter(a_uuid(), "another process"),
    c.GiveUpPlace(BOB),
    c.Retire(NOW),
    c.Close(),
]


def test_every_command_has_a_family_and_no_other_thing_has():
    assert set(FAMILIES) == set(get_args(c.Command))


def test_the_families_share_no_command():
    families = (c.PlaybackCommand, c.PeopleCommand, c.UpkeepCommand)

    assert sum(len(get_args(family)) for family in families) == len(FAMILIES)


def test_a_family_is_small():
    for family in (c.PlaybackCommand, c.PeopleCommand, c.UpkeepCommand):
        assert len(get_args(family)) <= 6


def test_this_file_knows_every_command():
    assert {type(command) for command in ONE_OF_EACH} == set(get_args(c.Command))


@pytest.mark.parametrize("command", ONE_OF_EACH, ids=lambda command: type(command).__name__)
def test_every_command_is_decided(command):
    events = decide(movie_night(), command, alice, NOW)

    assert all(isinstance(event, e.Event) for event in events)


@pytest.mark.parametrize("command", ONE_OF_EACH, ids=lambda command: type(command).__name__)
def test_to_decide_changes_nothing(command):
    room = movie_night()
    decide(room, command, alice, NOW)

    assert room == movie_night()


class TestCreating:
    def test_a_new_room_has_its_host_and_nothing_else(self):
        room, events = create(founding(), NOW)

        assert (room.id, room.epoch, room.name) == (ROOM, EPOCH, "Movie night")
        assert (room.seq, room.members, room.host_id) == (0, {}, None)
        assert [type(event) for event in events] == [e.MemberJoined]

    def test_who_creates_it_is_the_host(self):
        room = apply_all(*create(founding(), NOW))

        assert room.host_id == ALICE
        assert not member(room, ALICE).is_online

    def test_a_room_may_begin_with_a_video(self):
        _, events = create(founding(video_url=VideoUrl(FILM), video_title=Title("Film")), NOW)

        assert events[1] == e.VideoChanged(url=FILM, title="Film", at=NOW, by=ALICE)

    def test_a_room_is_public_and_its_hosts_unless_it_is_said_otherwise(self):
        room, _ = create(founding(), NOW)

        assert (room.visibility, room.password_hash) == (Visibility.PUBLIC, "")
        assert room.settings.control is Control.HOST

    def test_the_options_are_the_rooms(self):
        everyone = Settings(control=Control.EVERYONE)
        options = {"visibility": Visibility.PRIVATE, "password_hash": "x", "settings": everyone}
        room, _ = create(founding(**options), NOW)

        assert (room.visibility, room.password_hash) == (Visibility.PRIVATE, "x")
        assert room.settings == everyone
