"""For whom the room stands still, and for how long at most."""

import pytest
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.fields import VideoUrl
from syncplay_backend.domain.limits import FIRST_LOAD, LEAST_LEAD, REBUFFER
from syncplay_backend.domain.people import Pace, State
from syncplay_backend.domain.policy import Settings, WaitFor
from syncplay_backend.domain.state import Wait
from syncplay_backend.domain.timeline import Timeline
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    BOB,
    BOBS_KEY,
    BOBS_PHONE,
    BOBS_TAB,
    CHARLIE,
    CHARLIES_KEY,
    CHARLIES_TAB,
    FILM,
    NOW,
    SECOND,
    after,
    alice,
    bob,
    charlie,
    enter,
    events_of,
    member,
    movie_night,
    playing,
    says,
    types_of,
    whoever_holds,
)

LATER = NOW + 30 * SECOND
SHORT, READY = State.BUFFERING, State.READY


def stalls(room, actor=bob, now=NOW):
    return after(room, says(SHORT, actor), actor, now)


def recovers(room, actor=bob, now=NOW):
    return after(room, says(READY, actor), actor, now)


class TestStandingStill:
    def test_a_member_who_is_short_of_video_stops_the_room_where_the_video_is(self):
        [reported, waiting] = events_of(playing(100.0), says(SHORT, bob), bob, LATER)

        assert isinstance(reported, e.ConnectionReported)
        assert waiting == e.Waiting(
            members={BOB: LATER + REBUFFER}, since=LATER, position=130.0, at=LATER, by=None
        )

    def test_the_position_is_frozen_while_it_waits(self):
        room = stalls(playing(100.0), now=LATER)

        assert room.timeline == Timeline(130.0, LATER, playing=False)
        assert room.timeline.position_at(LATER + 9 * SECOND) == 130.0

    def test_whoever_stalls_too_is_waited_for_as_well(self):
        room = stalls(playing(), bob)
        room = stalls(room, alice, NOW + SECOND)

        assert room.wait == Wait({BOB: NOW + REBUFFER, ALICE: NOW + SECOND + REBUFFER}, since=NOW)
        assert room.wait.until == NOW + SECOND + REBUFFER

    def test_the_first_load_of_a_video_may_take_a_minute(self):
        room = stalls(movie_night())
        [played, waiting] = events_of(room, c.Play(), alice, LATER)

        assert isinstance(played, e.Played)
        assert waiting.members == {BOB: LATER + FIRST_LOAD}
        assert FIRST_LOAD == 60 * SECOND

    def test_who_has_watched_gets_ten_seconds(self):
        assert stalls(playing()).wait.members == {BOB: NOW + 10 * SECOND}

    def test_the_next_video_is_loaded_for_the_first_time(self):
        room = after(playing(), c.ChangeVideo(VideoUrl(FILM)), alice)
        room = after(stalls(room), c.Play(), alice)

        assert room.wait.members == {BOB: NOW + FIRST_LOAD}

    def test_a_paused_room_waits_for_nobody(self):
        room = after(playing(), c.Pause(), alice)

        assert types_of(events_of(room, says(SHORT, bob), bob)) == ["ConnectionReported"]

    def test_the_same_state_again_is_no_news(self):
        assert events_of(playing(), says(READY, bob), bob) == []
        assert events_of(stalls(playing()), says(SHORT, bob), bob, LATER) == []

    def test_nobody_reports_for_another(self):
        room = playing()

        assert events_of(room, says(SHORT, bob), alice) == []
        assert events_of(room, says(SHORT, charlie), charlie) == []


class TestGoingOn:
    def test_when_the_last_one_is_ready_it_goes_on_by_a_scheduled_play(self):
        room = stalls(playing(100.0), now=LATER)
        *_, played = events_of(room, says(READY, bob), bob, LATER + SECOND)

        assert played == e.Played(
            position=130.0,
            starts_at=LATER + SECOND + LEAST_LEAD,
            at=LATER + SECOND,
            by=None,
        )

    def test_not_before_the_last_one(self):
        room = stalls(stalls(playing(), bob), alice)
        room = recovers(room, bob)

        assert set(room.wait.members) == {ALICE}
        assert recovers(room, alice).wait is None

    @pytest.mark.parametrize("command", [c.Leave(), c.Disconnect(BOBS_TAB)])
    def test_who_leaves_or_drops_is_not_waited_for(self, command):
        events = events_of(stalls(playing()), command, bob)

        assert isinstance(events[-1], e.Played)

    def test_nor_is_one_whose_lease_ran_out(self):
        now = NOW + 45 * SECOND
        room = after(stalls(playing(), now=now), c.EndLease(BOB, BOBS_TAB), now=now)

        assert (room.wait, room.timeline.playing) == (None, True)

    @pytest.mark.parametrize("state", [State.BLOCKED, State.HIDDEN])
    def test_nor_one_who_is_blocked_or_hidden_by_now(self, state):
        room = after(stalls(playing()), says(state, bob), bob)

        assert (room.wait, room.timeline.playing) == (None, True)

    def test_who_may_control_goes_on_without_them(self):
        events = events_of(stalls(playing(100.0)), c.Play(), alice, NOW + SECOND)

        assert types_of(events) == ["PaceChanged", "Played"]
        assert events[1].position == 100.0

    def test_over_rest_too(self):
        room = after(stalls(playing()), c.Play(), whoever_holds(ALICES_KEY))

        assert (room.wait, room.timeline.playing) == (None, True)

    def test_who_was_gone_on_without_stops_nobody_until_it_has_been_ready(self):
        room = after(stalls(playing()), c.Play(), alice)
        room = after(room, says(State.HIDDEN, bob), bob)
        room = stalls(room)
        assert (member(room, BOB).pace, room.wait) == (Pace.CATCHING_UP, None)

        room = stalls(recovers(room))
        assert set(room.wait.members) == {BOB}

    def test_a_pause_ends_the_wait_and_the_room_stays_where_it_is(self):
        room = after(stalls(playing(100.0)), c.Pause(), alice, LATER)

        assert (room.wait, room.timeline) == (None, Timeline(100.0, LATER))
        assert not recovers(room, now=LATER).timeline.playing

    def test_a_new_video_ends_it(self):
        room = after(stalls(playing()), c.ChangeVideo(VideoUrl(FILM)), alice)

        assert (room.wait, room.timeline.playing) == (None, False)

    def test_a_seek_moves_the_room_and_the_wait_goes_on(self):
        room = after(stalls(playing()), c.Seek(500.0), alice)

        assert set(room.wait.members) == {BOB}
        assert recovers(room).timeline.position == 500.0

    def test_a_rate_goes_on_at_that_rate(self):
        room = recovers(after(stalls(playing(100.0)), c.SetRate(2.0), alice))

        assert room.timeline == Timeline(100.0, NOW + LEAST_LEAD, playing=True, rate=2.0)


class TestDeadlines:
    def ends(self, room, now):
        return events_of(room, c.EndWait(), now=now)

    def test_when_the_time_is_over_the_room_goes_on_without_them(self):
        events = self.ends(stalls(playing(100.0)), NOW + REBUFFER)

        assert types_of(events) == ["PaceChanged", "Played"]
        assert events[1].position == 100.0

    def test_not_a_moment_earlier(self):
        assert self.ends(stalls(playing()), NOW + REBUFFER - 1) == []

    def test_it_ends_once(self):
        room = after(stalls(playing()), c.EndWait(), now=NOW + REBUFFER)

        assert self.ends(room, NOW + REBUFFER) == []
        assert self.ends(playing(), LATER) == []

    def test_each_is_waited_for_as_long_as_was_said(self):
        room = stalls(stalls(playing(), bob), alice, NOW + 5 * SECOND)
        room = after(room, c.EndWait(), now=NOW + REBUFFER)
        assert room.wait == Wait({ALICE: NOW + 5 * SECOND + REBUFFER}, since=NOW)

        room = after(room, c.EndWait(), now=NOW + 5 * SECOND + REBUFFER)
        assert (room.wait, room.timeline.playing) == (None, True)

    def test_another_who_stalls_changes_nobodys_deadline(self):
        room = stalls(stalls(playing(), bob), alice, NOW + 5 * SECOND)

        assert room.wait.members[BOB] == NOW + REBUFFER

    def test_two_who_stall_in_turn_cannot_hold_the_room_for_ever(self):
        room, now = stalls(playing()), NOW
        while room.wait:
            one, other = (alice, bob) if BOB in room.wait.members else (bob, alice)
            room = recovers(stalls(room, one, now), other, now)
            now += 4 * SECOND
            room = after(room, c.EndWait(), now=now)

        assert NOW + REBUFFER < now <= NOW + FIRST_LOAD


class TestForWhom:
    def stop(self, room, actor=bob):
        return stalls(room, actor).wait is not None

    def test_a_room_may_wait_for_everybody_for_the_host_or_for_nobody(self):
        for wait, host, viewer in (
            (WaitFor.ALL, True, True),
            (WaitFor.HOST, True, False),
            (WaitFor.NEVER, False, False),
        ):
            room = playing(settings=Settings(wait=wait))
            assert (self.stop(room, alice), self.stop(room, bob)) == (host, viewer)

    def test_a_client_of_the_contract_is_never_waited_for(self):
        room = after(playing(), enter(CHARLIES_KEY, "Charlie", CHARLIES_TAB))

        assert events_of(room, says(SHORT, charlie), charlie) == []

    def test_a_joiner_stops_nobody(self):
        room = after(playing(), enter(CHARLIES_KEY, "Charlie", CHARLIES_TAB, precise=True))
        assert member(room, CHARLIE).pace is Pace.CATCHING_UP
        assert room.timeline == playing().timeline

        assert not self.stop(room, charlie)

    def test_nor_does_one_who_joins_while_the_room_waits(self):
        room = stalls(playing())
        room = after(room, enter(CHARLIES_KEY, "Charlie", CHARLIES_TAB, precise=True))
        room = stalls(room, charlie)

        assert set(room.wait.members) == {BOB}

    def test_who_has_caught_up_is_one_of_them(self):
        room = after(playing(), enter(CHARLIES_KEY, "Charlie", CHARLIES_TAB, precise=True))
        room = recovers(room, charlie)

        assert self.stop(room, charlie)

    def test_who_drops_and_comes_back_is_a_joiner(self):
        room = after(playing(), c.Disconnect(BOBS_TAB), bob)
        room = after(room, enter(BOBS_KEY, tab=BOBS_TAB, precise=True))

        assert not self.stop(room)

    def test_who_is_ready_somewhere_is_ready(self):
        room = after(playing(), enter(BOBS_KEY, tab=BOBS_PHONE, precise=True))
        room = recovers(room, replace(bob, connection_id=BOBS_PHONE))

        assert not self.stop(room)

    def test_a_player_that_says_nothing_is_no_excuse(self):
        room = after(playing(), enter(BOBS_KEY, tab=BOBS_PHONE, precise=True))

        assert self.stop(room)

    def test_a_second_player_of_who_never_said_anything_joins_like_anybody(self):
        room = after(movie_night(), enter(CHARLIES_KEY, "Charlie"))
        room = after(room, c.Play(), alice)
        room = after(room, enter(CHARLIES_KEY, tab=CHARLIES_TAB, precise=True), now=LATER)

        assert not self.stop(room, charlie)

    @pytest.mark.parametrize("state", [State.BLOCKED, State.HIDDEN])
    def test_who_is_blocked_or_hidden_stops_nobody(self, state):
        room = after(playing(), says(state, bob), bob)

        assert (room.wait, room.timeline.playing) == (None, True)
