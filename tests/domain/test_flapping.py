"""A player that flaps between ready and buffering: it may not stop everybody for ever."""

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.fields import VideoUrl
from syncplay_backend.domain.limits import STALL_FORGOTTEN, STALLS
from tests.domain.cast import (
    ALICE,
    BOB,
    FILM,
    NOW,
    SECOND,
    after,
    alice,
    member,
    movie_night,
    playing,
)
from tests.domain.test_deciding_waits import LATER, recovers, stalls


def flap(room, times, now):
    """Bob stalls and recovers, a second each; how often the room stood still for him."""
    stood = 0
    for _ in range(times):
        room, now = stalls(room, now=now), now + SECOND
        stood += room.wait is not None
        room, now = recovers(room, now=now), now + SECOND
        assert room.wait is None
    return room, stood


def test_who_stops_everybody_three_times_is_not_waited_for_a_fourth_time():
    room, stood = flap(playing(), 10, NOW)

    assert stood == STALLS == 3
    assert room.timeline.playing


def test_it_is_once_more_when_the_first_time_is_forgotten():
    room, _ = flap(playing(), 5, NOW)
    _, stood = flap(room, 5, NOW + STALL_FORGOTTEN)

    assert stood == 1


def test_others_are_waited_for_as_ever():
    room, _ = flap(playing(), 5, NOW)
    room = stalls(room, alice, NOW + 30 * SECOND)

    assert room.wait.members.keys() == {ALICE}


def test_a_new_video_makes_it_forgotten():
    room, _ = flap(playing(), 5, NOW)
    room = after(room, c.ChangeVideo(VideoUrl(FILM)), alice, LATER)

    assert member(room, BOB).stalls_until == 0


def test_the_first_load_does_not_count():
    room = after(stalls(movie_night()), c.Play(), alice, LATER)

    assert room.wait.members.keys() == {BOB}
    assert member(room, BOB).stalls_until == 0


def test_a_host_who_starts_again_and_again_makes_it_no_worse():
    room = playing()
    for _ in range(10):
        room = after(recovers(room), c.Pause(), alice)
        room = after(stalls(room), c.Play(), alice)

    assert member(room, BOB).stalls_until <= NOW + STALLS * STALL_FORGOTTEN
