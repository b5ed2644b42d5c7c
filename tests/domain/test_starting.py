"""How far ahead a start is scheduled: everybody in time, and nobody kept waiting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.limits import COVERED_TRIP, LEAST_LEAD, MOST_LEAD
from syncplay_backend.domain.people import Actor, Connection, Member, State
from syncplay_backend.domain.starting import lead, start_of_play
from tests.domain.cast import NOW, a_uuid, alice, events_of, movie_night, new_room

trips = st.none() | st.integers(0, 60_000)


def player(round_trip, **changes):
    known = Connection(a_uuid(), "this process", NOW, NOW + 1, precise=True, round_trip=round_trip)
    return replace(known, **changes)


def room_of(*members):
    """A room of members with these connections each."""
    people = {
        member_id: Member(member_id, "x", b"", NOW, connections=tuple(held))
        for member_id, held in ((a_uuid(), held) for held in members)
    }
    return replace(new_room(), members=people)


def lead_for(*round_trips):
    return lead(room_of(*([player(trip)] for trip in round_trips)))


def test_a_start_lies_a_quarter_of_a_second_ahead_at_least():
    assert lead_for() == lead_for(0) == lead_for(20, 40, 200) == LEAST_LEAD == 250


def test_who_is_further_away_has_the_time():
    assert lead_for(20, 280) == 280
    assert lead_for(300, 300, 300) == 300


def test_one_on_a_bad_line_does_not_hold_up_the_rest():
    assert lead_for(20, 30, 1_500) == COVERED_TRIP == 300


def test_two_on_a_bad_line_are_given_the_time_of_the_better_one():
    assert lead_for(20, 900, 1_500) == 900
    assert lead_for(900, 900) == 900


def test_a_start_is_never_further_away_than_two_seconds():
    assert lead_for(5_000, 9_000) == MOST_LEAD == 2_000


def test_one_member_with_two_slow_players_is_one_member():
    assert lead(room_of([player(1_500), player(1_400)], [player(20)])) == COVERED_TRIP


def test_of_several_players_of_a_member_the_slowest_counts():
    assert lead(room_of([player(20), player(280)])) == 280


@pytest.mark.parametrize(
    "nobody",
    [
        player(None),
        player(290, precise=False),
        player(290, state=State.HIDDEN),
    ],
    ids=["unknown or idle", "contract", "hidden"],
)
def test_who_would_not_notice_does_not_count(nobody):
    assert lead(room_of([nobody], [player(20)])) == LEAST_LEAD


@pytest.mark.parametrize("state", [State.UNKNOWN, State.READY, State.BUFFERING, State.BLOCKED])
def test_everybody_else_does(state):
    assert lead(room_of([player(290, state=state)])) == 290


def test_an_empty_room_starts_like_any_other():
    assert lead(new_room()) == LEAST_LEAD


@given(st.lists(trips, max_size=8))
def test_whatever_the_lines_are_it_stays_within_bounds(round_trips):
    assert LEAST_LEAD <= lead_for(*round_trips) <= MOST_LEAD


@given(st.lists(st.integers(0, COVERED_TRIP), max_size=8))
def test_up_to_three_hundred_milliseconds_everybody_is_told_in_time(round_trips):
    assert lead_for(*round_trips) >= max(round_trips, default=0)


@given(st.lists(trips, max_size=8))
def test_all_but_one_are_told_in_time_as_far_as_the_bound_goes(round_trips):
    known = sorted(trip for trip in round_trips if trip is not None)

    assert all(lead_for(*round_trips) >= min(trip, MOST_LEAD) for trip in known[:-1])


def test_who_knows_the_clock_starts_with_everybody():
    assert start_of_play(movie_night(), alice, NOW) == NOW + LEAST_LEAD


@pytest.mark.parametrize("head_start", [0, 35, 4_000])
def test_who_knows_no_clock_has_begun_already(head_start):
    actor = Actor(head_start=head_start)

    assert start_of_play(movie_night(), actor, NOW) == NOW - head_start


def test_the_host_of_the_contract_is_where_the_host_is_and_the_others_catch_up():
    host = replace(alice, head_start=40)
    [played] = events_of(movie_night(), c.Play(120.0), host)

    assert (played.position, played.starts_at, played.at) == (120.0, NOW - 40, NOW)
