"""A clock that a test turns by hand."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

NOW = 1_700_000_000_000.0


class Timer:
    def __init__(self, due: float, do: Callable[[], None]) -> None:
        self.due = due
        self.do = do
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True

    def when(self) -> float:
        return self.due / 1000


class Time:
    """An event loop whose time passes when a test says so, in milliseconds."""

    def __init__(self) -> None:
        self.now = NOW
        self._timers: list[Timer] = []

    def get_running_loop(self) -> Time:
        return self

    def precise(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now / 1000

    def call_later(self, delay: float, do: Callable[[], None]) -> Timer:
        timer = Timer(self.now + delay * 1000, do)
        self._timers.append(timer)
        return timer

    def pass_until(self, instant: float) -> None:
        while due := [timer for timer in self._timers if timer.due <= instant]:
            timer = min(due, key=lambda timer: timer.due)
            self._timers.remove(timer)
            self.now = max(self.now, timer.due)
            if not timer.is_cancelled:
                timer.do()
        self.now = instant

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be done at any later time."""
        return all(timer.is_cancelled for timer in self._timers)

    @property
    def next_in(self) -> float:
        """Milliseconds until something is to be done."""
        waiting = [timer.due for timer in self._timers if not timer.is_cancelled]
        return min(waiting, default=inf) - self.now

    def go_on(self, milliseconds: float = 0.0) -> None:
        self.pass_until(self.now + milliseconds)
