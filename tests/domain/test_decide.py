from typing import get_args

import pytest
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.decide import FAMILIES, create, decide
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import ChatText, Emoji, Title, VideoUrl
from syncplay_backend.domain.people import State
from syncplay_backend.domain.policy import Control, Settings
from syncplay_backend.domain.state import Visibility, apply_all
from tests.domain.cast import (
    ALICE,
    BOB,
    BOBS_TAB,
    EPOCH,
    FILM,
    NOW,
    ROOM,
    a_uuid,
    after,
    alice,
    bob,
    enter,
    events_of,
    founding,
    join,
    member,
    movie_night,
    playing,
    refusal,
    says,
)

ONE_OF_EACH = [
    c.Play(),
    c.Pause(),
    c.Seek(1.0),
    c.SetRate(2.0),
    c.ChangeVideo(VideoUrl(FILM)),
    c.Say(ChatText("Hello")),
    c.React(Emoji("\U0001f389")),
    c.ChangeSettings(),
    c.Report(BOBS_TAB, State.READY),
    c.EndWait(),
    join("Charlie"),
    enter(join("Charlie").key, "Charlie"),
    c.Leave(),
    c.UsePlace(),
    c.Disconnect(BOBS_TAB),
    c.EndLease(BOB, BOBS_TAB),
    c.Reenter(a_uuid(), "another process"),
    c.GiveUpPlace(BOB),
    c.NoteRoundTrip(BOBS_TAB, 40),
    c.Retire(NOW),
    c.Close(),
    c.Reanchor(anchored_at=NOW, by=1_000),
]
COMMAND_FAMILIES = (
    *(c.PlaybackCommand, c.TalkCommand, c.PeopleCommand),
    *(c.WaitCommand, c.LeaseCommand, c.RoomCommand),
)


def test_every_command_has_a_family_and_no_other_thing_has():
    assert set(FAMILIES) == set(get_args(c.Command))


def test_the_families_share_no_command():
    assert sum(len(get_args(family)) for family in COMMAND_FAMILIES) == len(FAMILIES)


def test_a_family_is_small():
    for family in (*COMMAND_FAMILIES, e.PlaybackEvent, e.PeopleEvent, e.RoomEvent, e.Unnumbered):
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


class TestExpecting:
    """Who names a seq wants the room as it was then, or nothing at all."""

    def expecting(self, seq):
        return replace(alice, expects=seq)

    def test_where_nothing_happened_since_one_is_obeyed(self):
        room = after(movie_night(), c.Seek(5.0), alice)

        assert events_of(room, c.Seek(9.0), self.expecting(room.seq))

    def test_where_somebody_was_faster_nothing_changes(self):
        room = after(movie_night(), c.Seek(5.0), alice)

        assert refusal(room, c.Seek(9.0), self.expecting(room.seq - 1)) is Code.CONFLICT

    @pytest.mark.parametrize(
        "command",
        [c.Play(), c.Pause(5.0), c.Seek(1.0), c.SetRate(2.0), c.ChangeVideo(VideoUrl(FILM))],
    )
    def test_all_playback_breaks_it(self, command):
        seen = movie_night().seq
        room = after(movie_night(), command, alice)

        assert refusal(room, c.Seek(9.0), self.expecting(seen)) is Code.CONFLICT

    @pytest.mark.parametrize(
        "command", [c.Say(ChatText("Hi")), c.Leave(), c.Disconnect(BOBS_TAB), join("Charlie")]
    )
    def test_chat_and_presence_do_not(self, command):
        seen = movie_night().seq
        room = after(movie_night(), command, bob)

        assert events_of(room, c.Seek(9.0), self.expecting(seen))

    def test_that_a_member_stalled_does_not_break_it_but_that_the_play_went_on_does(self):
        seen = playing().seq
        room = after(playing(), says(State.BUFFERING, bob), bob)
        assert events_of(room, c.Seek(9.0), self.expecting(seen))

        room = after(room, says(State.READY, bob), bob)
        assert refusal(room, c.Seek(9.0), self.expecting(seen)) is Code.CONFLICT


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
