import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncplay_backend.domain.limits import Allowance, TokenBucket

THREE_AT_ONCE = Allowance(burst=3, per_second=2)

waits = st.lists(st.integers(-1_000, 5_000), max_size=60)


@pytest.fixture
def bucket():
    return TokenBucket(THREE_AT_ONCE, now=0)


def empty(bucket, now=0):
    while bucket.take(now) == 0:
        pass


def test_the_burst_is_free(bucket):
    assert [bucket.take(0) for _ in range(3)] == [0, 0, 0]


def test_after_the_burst_one_is_told_how_long_to_wait(bucket):
    empty(bucket)

    assert bucket.take(0) == 0.5


def test_a_refused_one_costs_nothing(bucket):
    empty(bucket)
    bucket.take(0)
    bucket.take(0)

    assert bucket.take(500) == 0


def test_tokens_come_back_one_by_one(bucket):
    empty(bucket)

    assert bucket.take(500) == 0
    assert bucket.take(500) > 0


def test_it_never_holds_more_than_the_burst(bucket):
    assert [bucket.take(3_600_000) == 0 for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_back_gives_nothing(bucket):
    empty(bucket, now=1_000)

    assert bucket.take(0) == 0.5


def test_a_clock_that_went_back_gives_nothing_twice(bucket):
    empty(bucket, now=1_000)
    bucket.take(0)

    assert bucket.take(1_000) > 0


def test_it_may_be_forgotten_when_it_is_full_again(bucket):
    assert bucket.is_full(0)
    bucket.take(0)
    assert not bucket.is_full(499)
    assert bucket.is_full(500)


@given(waits)
def test_nobody_gets_more_than_the_allowance(steps):
    bucket, now, latest, taken = TokenBucket(THREE_AT_ONCE, 0), 0, 0, 0
    for step in steps:
        now += step
        latest = max(latest, now)
        taken += bucket.take(now) == 0
        assert taken <= THREE_AT_ONCE.burst + latest / 1000 * THREE_AT_ONCE.per_second + 1e-6


@given(waits)
def test_who_waits_as_told_is_let_in(steps):
    bucket, now = TokenBucket(THREE_AT_ONCE, 0), 0
    for step in steps:
        now += abs(step) % 400
        wait = bucket.take(now)
        if wait:
            now += int(wait * 1000) + 1
            assert bucket.take(now) == 0
