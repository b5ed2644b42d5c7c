import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import Title, VideoUrl
from syncplay_backend.domain.limits import LEAST_LEAD
from syncplay_backend.domain.people import SERVER
from syncplay_backend.domain.policy import Control, Settings
from syncplay_backend.domain.timeline import Timeline
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    BOB,
    BOBS_KEY,
    FILM,
    NOW,
    SECOND,
    after,
    alice,
    bob,
    charlie,
    events_of,
    movie_night,
    new_room,
    playing,
    refusal,
    types_of,
    whoever_holds,
)

LATER = NOW + 30 * SECOND
NEXT_FILM = c.ChangeVideo(VideoUrl(FILM), Title("Another"))
RATES = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0]
EVERYTHING = [
    *(c.Play(), c.Play(120.0), c.Pause(), c.Pause(5.0), c.Seek(7.0), c.SetRate(2.0)),
    NEXT_FILM,
]


def test_the_host_plays():
    assert events_of(movie_night(), c.Play(120.0), alice) == [
        e.Played(position=120.0, starts_at=NOW + LEAST_LEAD, at=NOW, by=ALICE)
    ]


def test_the_host_pauses():
    assert events_of(playing(), c.Pause(104.5), alice, LATER) == [
        e.Paused(position=104.5, at=LATER, by=ALICE)
    ]


def test_the_host_seeks():
    assert events_of(playing(), c.Seek(300.0), alice) == [
        e.Sought(position=300.0, at=NOW, by=ALICE)
    ]


def test_the_host_changes_the_video():
    assert events_of(movie_night(), NEXT_FILM, alice) == [
        e.VideoChanged(url=FILM, title="Another", at=NOW, by=ALICE)
    ]


def test_a_video_needs_no_title():
    [changed] = events_of(movie_night(), c.ChangeVideo(VideoUrl(FILM)), alice)

    assert changed.title == ""


def test_play_without_a_position_goes_on_from_where_the_video_stands():
    paused = movie_night(timeline=Timeline(42.5, NOW))

    [played] = events_of(paused, c.Play(), alice, LATER)
    assert played.position == 42.5


def test_pause_without_a_position_stops_where_the_video_is_by_now():
    [paused] = events_of(playing(100.0), c.Pause(), alice, LATER)

    assert paused.position == 130.0


def test_play_while_playing_without_a_position_changes_nothing():
    assert events_of(playing(), c.Play(), alice, LATER) == []


def test_pause_while_paused_without_a_position_changes_nothing():
    assert events_of(movie_night(), c.Pause(), alice, LATER) == []


def test_play_while_playing_with_a_position_moves_everybody_there():
    assert types_of(events_of(playing(), c.Play(5.0), alice)) == ["Played"]


def test_pause_while_paused_with_a_position_moves_everybody_there():
    assert types_of(events_of(movie_night(), c.Pause(5.0), alice)) == ["Paused"]


def test_positions_are_in_whole_milliseconds():
    [sought] = events_of(movie_night(), c.Seek(1.23456789), alice)

    assert sought.position == 1.235


def test_who_joins_late_is_where_the_others_are():
    room = after(movie_night(), c.Play(120.0), alice)

    assert room.timeline.position_at(LATER + LEAST_LEAD) == 150.0


def test_a_new_video_stops_the_old_one():
    room = after(playing(), NEXT_FILM, alice, LATER)

    assert room.timeline == Timeline(position=0, at=LATER, playing=False, rate=1)


@pytest.mark.parametrize("command", EVERYTHING)
def test_a_viewer_is_not_obeyed(command):
    assert refusal(movie_night(), command, bob) is Code.NOT_ALLOWED
    assert refusal(playing(), command, bob) is Code.NOT_ALLOWED


@pytest.mark.parametrize("command", EVERYTHING)
@pytest.mark.parametrize("nobody", [charlie, SERVER], ids=["stranger", "server"])
def test_a_stranger_is_not_known(command, nobody):
    assert refusal(movie_night(), command, nobody) is Code.UNKNOWN_USER


@pytest.mark.parametrize("command", EVERYTHING)
def test_the_hosts_public_id_opens_nothing(command):
    impostor = whoever_holds(type(ALICES_KEY)(ALICE))

    assert refusal(movie_night(), command, impostor) is Code.UNKNOWN_USER


def test_a_key_stands_for_its_member_over_rest_too():
    room = movie_night()

    assert events_of(room, c.Play(), whoever_holds(ALICES_KEY))[0].by == ALICE
    assert refusal(room, c.Play(), whoever_holds(BOBS_KEY)) is Code.NOT_ALLOWED


def test_where_everybody_may_control_a_viewer_is_obeyed():
    room = movie_night(settings=Settings(control=Control.EVERYONE))

    [played] = events_of(room, c.Play(), bob)
    assert (played.position, played.by) == (0, BOB)


def test_who_controls_over_rest_keeps_the_place():
    events = events_of(new_room(), c.Play(5.0), whoever_holds(ALICES_KEY))

    assert events == [
        e.PlaceUsed(member_id=ALICE, away_until=None),
        e.Played(position=5.0, starts_at=NOW + LEAST_LEAD, at=NOW, by=ALICE),
    ]


class TestStarting:
    def test_a_start_waits_until_everybody_has_been_told(self):
        room = after(movie_night(), c.Play(120.0), alice)

        assert room.timeline.position_at(NOW + LEAST_LEAD) == 120.0
        assert room.timeline.position_at(NOW + LEAST_LEAD + SECOND) == 121.0

    def test_a_pause_before_the_start_stops_where_the_start_would_have_been(self):
        room = after(movie_night(), c.Play(120.0), alice)

        assert events_of(room, c.Pause(), alice, NOW + 100) == [
            e.Paused(position=120.0, at=NOW + 100, by=ALICE)
        ]

    def test_over_rest_it_is_scheduled_too(self):
        [played] = events_of(movie_night(), c.Play(), whoever_holds(ALICES_KEY))

        assert played.starts_at == NOW + LEAST_LEAD

    @pytest.mark.parametrize("command", [c.Pause(5.0), c.Seek(5.0)])
    def test_a_pause_and_a_seek_take_effect_at_once(self, command):
        room = after(playing(), command, alice, LATER)

        assert (room.timeline.position, room.timeline.at) == (5.0, LATER)


class TestRate:
    def test_the_host_sets_the_rate_and_nothing_jumps(self):
        assert events_of(playing(100.0), c.SetRate(1.5), alice, LATER) == [
            e.RateChanged(rate=1.5, position=130.0, starts_at=LATER, at=LATER, by=ALICE)
        ]

    def test_the_same_rate_again_is_no_event(self):
        assert events_of(playing(), c.SetRate(1.0), alice, LATER) == []

    def test_it_lasts_through_pause_play_and_seek(self):
        room = after(playing(100.0), c.SetRate(2.0), alice)
        for command in (c.Pause(), c.Seek(50.0), c.Play()):
            room = after(room, command, alice, LATER)

        start = LATER + LEAST_LEAD
        assert room.timeline == Timeline(50.0, start, playing=True, rate=2.0)
        assert room.timeline.position_at(start + 10 * SECOND) == 70.0

    def test_a_paused_video_stays_where_it_is(self):
        room = after(movie_night(timeline=Timeline(42.5, NOW)), c.SetRate(4.0), alice, LATER)

        assert room.timeline == Timeline(42.5, LATER, playing=False, rate=4.0)

    def test_a_start_that_is_still_to_come_is_not_brought_forward(self):
        room = after(movie_night(), c.Play(120.0), alice)
        room = after(room, c.SetRate(2.0), alice, NOW + 100)

        assert room.timeline == Timeline(120.0, NOW + LEAST_LEAD, playing=True, rate=2.0)

    @given(st.lists(st.tuples(st.integers(0, 600_000), st.sampled_from(RATES)), max_size=12))
    def test_the_position_is_exact_across_changes(self, changes):
        room, now, exact = playing(100.0), NOW, 100.0
        for passed, rate in changes:
            exact += passed / 1000 * room.timeline.rate
            now += passed
            room = after(room, c.SetRate(rate), alice, now)

        assert room.timeline.position_at(now) == pytest.approx(exact, abs=0.0005 * 13)
