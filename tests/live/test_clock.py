"""The clock: right when the process begins, and never stepping back."""

import time

import pytest

from syncplay_backend.live.clock import Clock


def test_it_tells_the_milliseconds_since_1970() -> None:
    now = Clock().now()
    assert isinstance(now, int)
    assert abs(now - time.time() * 1000) < 1000


def test_it_never_steps_back() -> None:
    clock = Clock()
    seen = [clock.now() for _ in range(1_000)]
    assert seen == sorted(seen)


def test_a_wall_clock_that_is_set_back_does_not_move_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0 <= clock.now() - before < 1000
