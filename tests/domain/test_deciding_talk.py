import pytest
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import ChatText, Emoji
from syncplay_backend.domain.people import SERVER, Role, State
from syncplay_backend.domain.policy import Control, Settings, WaitFor
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    BOB,
    NOW,
    SECOND,
    after,
    alice,
    bob,
    charlie,
    events_of,
    join,
    movie_night,
    playing,
    refusal,
    says,
    types_of,
    whoever_holds,
    with_member,
)

HELLO = c.Say(ChatText("Hello <b>you</b>"))
PARTY = c.React(Emoji("\U0001f389"))
LATER = NOW + 30 * SECOND


def test_what_somebody_says_is_told_with_where_the_video_was():
    assert events_of(playing(100.0), HELLO, bob, LATER) == [
        e.Said(text="Hello <b>you</b>", position=130.0, at=LATER, by=BOB)
    ]


def test_so_is_a_reaction():
    assert events_of(playing(100.0), PARTY, bob, LATER) == [
        e.Reacted(emoji="\U0001f389", position=130.0, at=LATER, by=BOB)
    ]


@pytest.mark.parametrize("command", [HELLO, PARTY])
def test_everybody_may_talk_whoever_controls(command):
    for actor in (alice, bob, whoever_holds(ALICES_KEY)):
        assert events_of(movie_night(), command, actor)


@pytest.mark.parametrize("command", [HELLO, PARTY, c.ChangeSettings()])
@pytest.mark.parametrize("nobody", [charlie, SERVER], ids=["stranger", "server"])
def test_a_stranger_is_not_heard(command, nobody):
    assert refusal(movie_night(), command, nobody) is Code.UNKNOWN_USER


@pytest.mark.parametrize("command", [HELLO, PARTY])
def test_talk_moves_no_video(command):
    room = after(playing(), command, bob, LATER)

    assert room.timeline == playing().timeline
    assert room.seq == playing().seq + 1


def test_who_talks_over_rest_keeps_the_place():
    room = after(movie_night(), join("Charlie"))

    assert types_of(events_of(room, HELLO, charlie, LATER)) == ["PlaceUsed", "Said"]


class TestSettings:
    def test_the_host_changes_what_is_given_and_nothing_else(self):
        room = movie_night(settings=Settings(control=Control.EVERYONE))
        [changed] = events_of(room, c.ChangeSettings(wait=WaitFor.NEVER), alice)

        assert changed.settings == Settings(control=Control.EVERYONE, wait=WaitFor.NEVER)
        assert changed.by == ALICE

    @pytest.mark.parametrize("same", [c.ChangeSettings(), c.ChangeSettings(wait=WaitFor.ALL)])
    def test_what_changes_nothing_is_no_event(self, same):
        assert events_of(movie_night(), same, alice) == []

    def test_nobody_else_does_whoever_may_control(self):
        room = movie_night(settings=Settings(control=Control.EVERYONE))
        room = with_member(room, BOB, role=Role.MODERATOR)

        assert refusal(room, c.ChangeSettings(wait=WaitFor.NEVER), bob) is Code.NOT_ALLOWED

    def test_it_does_not_move_the_video(self):
        room = after(playing(), c.ChangeSettings(wait=WaitFor.NEVER), alice, LATER)

        assert room.timeline == playing().timeline

    def test_a_room_that_waits_for_nobody_any_more_goes_on(self):
        room = after(playing(100.0), says(State.BUFFERING, bob), bob)
        events = events_of(room, c.ChangeSettings(wait=WaitFor.NEVER), alice, LATER)

        assert types_of(events) == ["SettingsChanged", "Played"]
        assert events[1].position == 100.0

    def test_a_room_that_waits_for_the_host_alone_waits_on_for_the_host(self):
        room = playing(100.0)
        for actor in (alice, bob):
            room = after(room, says(State.BUFFERING, actor), actor)
        room = after(room, c.ChangeSettings(wait=WaitFor.HOST), alice, LATER)

        assert set(room.wait.members) == {ALICE}

    def test_that_the_control_changes_ends_no_wait(self):
        room = after(playing(), says(State.BUFFERING, bob), bob)
        waiting = room.wait
        room = after(room, c.ChangeSettings(control=Control.EVERYONE), alice, LATER)

        assert room.wait == replace(waiting)
