import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncplay_backend.domain.timeline import Timeline, to_milliseconds

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "timeline.json").read_text())

positions = st.integers(0, 10_000_000_000).map(lambda ms: ms / 1000)
instants = st.integers(0, 4_000_000_000_000)
rates = st.sampled_from([0.25, 0.5, 1.0, 1.25, 2.0, 4.0])
timelines = st.builds(Timeline, positions, instants, st.booleans(), rates)


@pytest.mark.parametrize("vector", VECTORS["position_at"], ids=lambda vector: vector["name"])
def test_every_client_comes_to_the_same_position(vector):
    timeline = msgspec.convert(vector["timeline"], Timeline)

    assert timeline.position_at(vector["now"]) == vector["position"]


def test_a_new_room_stands_at_the_beginning():
    assert Timeline().position_at(1_700_000_000_000) == 0


def test_play_starts_from_the_position_that_was_asked_for():
    playing = Timeline(position=5, at=1_000).play(120, 2_000)

    assert playing == Timeline(position=120, at=2_000, playing=True)


def test_pause_stops_where_it_was_told_to():
    paused = Timeline(position=5, at=1_000, playing=True).pause(7.5, 3_500)

    assert paused.position_at(99_000) == 7.5


@pytest.mark.parametrize("playing", [True, False])
def test_seek_changes_the_position_and_nothing_else(playing):
    sought = Timeline(position=5, at=1_000, playing=playing, rate=2).seek(300, 4_000)

    assert sought == Timeline(position=300, at=4_000, playing=playing, rate=2)


@pytest.mark.parametrize(
    ("exact", "rounded"), [(0.1 + 0.2, 0.3), (120.0, 120.0), (1.23456, 1.235), (0.0004, 0.0)]
)
def test_what_is_finer_than_a_millisecond_is_noise(exact, rounded):
    assert to_milliseconds(exact) == rounded


@given(timelines, instants)
def test_no_instant_is_before_the_anchor(timeline, now):
    assert timeline.position_at(now) >= timeline.position


@given(timelines, instants, st.integers(0, 10**9))
def test_a_video_never_runs_backwards(timeline, now, later):
    assert timeline.position_at(now + later) >= timeline.position_at(now)


@given(timelines, instants)
def test_a_paused_video_is_wherever_it_was_paused(timeline, now):
    paused = timeline.pause(timeline.position_at(now), now)

    assert paused.position_at(now + 10**9) == timeline.position_at(now)


@given(timelines, instants)
def test_to_play_from_where_it_is_moves_nothing(timeline, now):
    here = timeline.position_at(now)

    assert timeline.play(here, now).position_at(now) == pytest.approx(here, abs=0.001)


@given(timelines, instants, st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_new_anchor_on_the_way_changes_no_later_position(timeline, now, first, second):
    straight = timeline.position_at(now + first + second)
    anchored = timeline.seek(timeline.position_at(now + first), max(timeline.at, now + first))

    assert anchored.position_at(now + first + second) == pytest.approx(straight, abs=0.002)
