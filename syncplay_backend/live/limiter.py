"""How often whom: one token bucket for each address or key and each kind of asking."""

import threading

from django.conf import settings

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import Allowance, TokenBucket
from syncplay_backend.live.clock import clock

MOST_BUCKETS = 100_000


class Limiter:
    """Counted per process: several processes allow as many times as much."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self._buckets: dict[tuple[Allowance, str], TokenBucket] = {}
        self._lock = threading.Lock()

    def take(self, allowance: Allowance, who: str) -> None:
        """Raises `Refused` (`slow_down`) when `who` has asked too often."""
        if not self.enabled:
            return
        now = clock.now()
        with self._lock:
            self._make_room(now)
            bucket = self._buckets.setdefault((allowance, who), TokenBucket(allowance, now))
            wait = bucket.take(now)
        if wait:
            raise too_fast(wait)

    def _make_room(self, now: int) -> None:
        if len(self._buckets) < MOST_BUCKETS:
            return
        kept = {who: bucket for who, bucket in self._buckets.items() if not bucket.is_full(now)}
        # where nobody's is full this is an attack: all start anew rather than memory grow
        self._buckets = kept if len(kept) < MOST_BUCKETS else {}


def too_fast(wait: float) -> Refused:
    return Refused(
        Code.SLOW_DOWN, "That was too much at once. Wait a moment.", retry_after=round(wait, 3)
    )


limiter = Limiter(enabled=settings.RATE_LIMITS)
