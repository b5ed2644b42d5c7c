"""Time that passes only when nothing is left to do at an instant: no test waits for it."""

import heapq
from collections.abc import Callable
from itertools import count

Deed = Callable[[], None]


class VirtualTime:
    """Milliseconds since the simulation began. What falls on the same instant keeps its order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._agenda: list[tuple[float, int, Deed]] = []
        self._order = count()

    def at(self, instant: float, deed: Deed) -> None:
        heapq.heappush(self._agenda, (max(instant, self.now), next(self._order), deed))

    def after(self, delay: float, deed: Deed) -> None:
        self.at(self.now + delay, deed)

    def run_until(self, end: float) -> None:
        while self._agenda and self._agenda[0][0] <= end:
            self.now, _, deed = heapq.heappop(self._agenda)
            deed()
        self.now = end
