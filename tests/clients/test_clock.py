import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syncplay_client.clock import KEPT, SLEW, Clock, Sample, wait_after

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "clock.json").read_text())


def clock_with(samples):
    clock = Clock()
    for stamps in samples:
        clock.take(Sample(*stamps))
    return clock


@pytest.mark.parametrize("vector", VECTORS["estimates"], ids=lambda vector: vector["name"])
def test_every_client_comes_to_the_same_estimate(vector):
    estimate = clock_with(vector["samples"]).estimate(vector["now"])

    assert estimate.offset == pytest.approx(vector["offset"], abs=1e-6)
    assert estimate.uncertainty == pytest.approx(vector["uncertainty"], abs=1e-6)
    assert estimate.round_trip == pytest.approx(vector["round_trip"], abs=1e-6)


@pytest.mark.parametrize("vector", VECTORS["offsets"], ids=lambda vector: vector["name"])
def test_every_client_goes_by_the_same_offset(vector):
    clock = clock_with(vector["samples"])

    assert clock.offset_at(vector["now"]) == pytest.approx(vector["offset"], abs=0.01)


@pytest.mark.parametrize("vector", VECTORS["waits"])
def test_the_schedule_of_the_questions(vector):
    assert wait_after(vector["asked"], vector["jitter"]) == vector["wait"]


def test_without_a_sample_there_is_no_estimate():
    with pytest.raises(LookupError):
        Clock().estimate(0)


def test_a_single_sample_is_not_gone_by():
    clock = clock_with([[1000, 6010, 6010, 1020]])

    assert not clock.is_set


ways = st.floats(0, 500)


@given(
    offset=st.floats(-1e6, 1e6),
    trips=st.lists(st.tuples(st.floats(0, 1000), ways, ways), min_size=1, max_size=20),
)
def test_the_truth_is_never_further_off_than_the_uncertainty(offset, trips):
    clock, now = Clock(), 0.0
    for pause, there, back in trips:
        now += pause
        sent, now = now, now + there + back
        arrived = sent + there + offset
        clock.take(Sample(sent, arrived, arrived, now))

    estimate = clock.estimate(now)

    assert abs(estimate.offset - offset) <= estimate.uncertainty + 1e-3


@given(drift=st.floats(-50e-6, 50e-6), age=st.floats(0, 600_000))
def test_nor_by_a_clock_that_drifts(drift, age):
    clock = Clock()
    clock.take(Sample(0, 1010, 1010, 20))
    now = 20 + age
    truth = 1000 + age * drift

    assert abs(clock.estimate(now).offset - truth) <= clock.estimate(now).uncertainty + 1e-6


@given(st.floats(-49, 49), st.floats(1, 100_000))
def test_a_clock_that_is_known_never_runs_backwards_for_a_trifle(step, pause):
    clock = Clock()
    for number in range(KEPT):
        clock.take(Sample(number, number + 1000, number + 1000, number))
    now = KEPT + 1.0
    before = clock.server_time(now)
    clock.take(Sample(now, now + 1000 + step, now + 1000 + step, now))

    assert clock.server_time(now) == pytest.approx(before)
    assert clock.server_time(now + pause) - before >= pause * (1 - SLEW) - 1e-6
