"""The limiter: each address or key has a bucket for each kind of asking."""

import threading

import pytest

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import Allowance
from syncplay_backend.live import limiter as module
from syncplay_backend.live.limiter import Limiter

JOINS = Allowance(3, 1)
READS = Allowance(3, 0.5)


def refused(limiter: Limiter, allowance: Allowance, who: str) -> Refused | None:
    try:
        limiter.take(allowance, who)
    except Refused as refusal:
        return refusal
    return None


def exhaust(limiter: Limiter, allowance: Allowance, who: str) -> None:
    for _ in range(allowance.burst):
        limiter.take(allowance, who)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The time, as a test sets it."""
    time = [1_000_000]
    monkeypatch.setattr(module.clock, "now", lambda: time[0])
    return time


def test_who_asks_too_often_is_told_when_to_come_back(now: list[int]) -> None:
    limiter = Limiter(enabled=True)
    exhaust(limiter, JOINS, "Alice")
    refusal = refused(limiter, JOINS, "Alice")
    assert refusal is not None
    assert (refusal.code, refusal.retryable, refusal.retry_after) == (Code.SLOW_DOWN, True, 1.0)
    now[0] += 1_000
    assert refused(limiter, JOINS, "Alice") is None


def test_one_that_asks_too_often_does_not_slow_another(now: list[int]) -> None:
    limiter = Limiter(enabled=True)
    exhaust(limiter, JOINS, "Alice")
    assert refused(limiter, JOINS, "Alice")
    assert refused(limiter, JOINS, "Bob") is None


def test_each_kind_of_asking_is_counted_by_itself(now: list[int]) -> None:
    limiter = Limiter(enabled=True)
    exhaust(limiter, JOINS, "Alice")
    assert refused(limiter, READS, "Alice") is None


def test_switched_off_it_refuses_nobody() -> None:
    limiter = Limiter(enabled=False)
    assert [refused(limiter, JOINS, "Alice") for _ in range(50)] == [None] * 50


def test_full_buckets_are_forgotten_before_memory_grows(
    now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BUCKETS", 5)
    limiter = Limiter(enabled=True)
    for visitor in range(4):
        limiter.take(JOINS, f"visitor {visitor}")
    now[0] += 10_000
    exhaust(limiter, JOINS, "Alice")
    limiter.take(JOINS, "Bob")
    assert len(limiter._buckets) <= 5
    assert refused(limiter, JOINS, "Alice"), "whoever asks too often is remembered"


def test_a_crowd_of_addresses_does_not_fill_the_memory(
    now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BUCKETS", 10)
    limiter = Limiter(enabled=True)
    for visitor in range(100):
        limiter.take(JOINS, f"visitor {visitor}")
    assert len(limiter._buckets) <= 10


def test_threads_at_once_get_no_more_than_there_is(now: list[int]) -> None:
    limiter = Limiter(enabled=True)
    plenty = Allowance(100, 1)
    got: list[bool] = []

    def ask() -> None:
        got.extend(refused(limiter, plenty, "Alice") is None for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got.count(True) == 100
