"""The server's clock, as it is known here. Pure: the local time is an argument.

Four stamps of one question and its answer (`Sample`) bound the offset between the two clocks from
both sides: the question arrived after it was sent, the answer was sent before it arrived. What all
of the last sixteen samples agree on is smaller than what the best of them says alone: the least way
there and the least way back need not belong to the same round trip. The middle of it is the
estimate, half its width the worst that the estimate can be wrong.
"""

from collections.abc import Iterable

from msgspec import Struct

KEPT = 16
# Quartz differs by up to 50 parts in a million: what a sample says grows vaguer as it ages, so
# that an old lucky one does not win for ever.
AGEING = 50e-6
# A small correction is walked, not jumped: half a per cent of speed is below what is heard.
SLEW = 0.005
STEP_BEYOND = 50.0  # ms: further off, a jump is the lesser evil

# A burst of four, since whoever joins wants to start at once; then ever more seldom, since a line
# that was blocked spoils a whole burst.
BURST = 4
FIRST_WAITS = (150.0, 150.0, 150.0, 500.0, 1_000.0, 2_000.0, 4_000.0)  # ms
CALM_WAIT = (10_000.0, 15_000.0)  # ms
FIRST = len(FIRST_WAITS) + 1  # samples: so long the estimate may jump, it is still young


def wait_after(asked: int, jitter: float) -> float:
    """How long (ms) to wait with the next question, after so many since the connection opened.

    `jitter`, in 0 … 1, keeps a thousand members from asking in step.
    """
    if asked <= len(FIRST_WAITS):
        return FIRST_WAITS[asked - 1]
    shortest, longest = CALM_WAIT
    return shortest + (longest - shortest) * jitter


class Sample(Struct, frozen=True):
    """A question and its answer, all in milliseconds."""

    t0: float  # local: the question was sent
    t1: float  # server: it came in
    t2: float  # server: the answer was sent
    t3: float  # local: it came in

    @property
    def round_trip(self) -> float:
        """The time on the way, there and back."""
        return (self.t3 - self.t0) - (self.t2 - self.t1)

    @property
    def is_possible(self) -> bool:
        return self.t2 >= self.t1 and self.round_trip >= 0

    def bounds(self, now: float) -> tuple[float, float]:
        """The least and the greatest offset (server - local) that this sample leaves possible."""
        vagueness = max(0.0, now - self.t3) * AGEING
        return self.t2 - self.t3 - vagueness, self.t1 - self.t0 + vagueness


class Estimate(Struct, frozen=True):
    """What the samples say, in milliseconds."""

    offset: float  # server - local
    uncertainty: float  # the offset is off by this at most
    round_trip: float  # the least one


class Clock:
    """Tells the server's time, from samples that are handed to it."""

    def __init__(self) -> None:
        self._samples: tuple[Sample, ...] = ()  # the newest first
        self._taken = 0
        self._offset = 0.0  # at `_since`, on its way to `_aim`
        self._since = 0.0
        self._aim = 0.0

    @property
    def is_set(self) -> bool:
        """Whether it may be gone by: a single sample can be off by half a second."""
        return self._taken >= BURST

    def take(self, sample: Sample) -> bool:
        """Learn from a sample; one that is impossible is not taken."""
        if not sample.is_possible:
            return False
        self._samples = agreeing((sample, *self._samples[: KEPT - 1]))
        self._taken += 1
        estimate = self.estimate(sample.t3)
        self._walk_to(estimate.offset, sample.t3)
        return True

    def estimate(self, now: float) -> Estimate:
        """The best that can be said at the local instant `now`."""
        if not self._samples:
            raise LookupError("no sample has been taken yet")
        least, greatest = _agreement(self._samples, now)
        round_trip = min(sample.round_trip for sample in self._samples)
        return Estimate((least + greatest) / 2, (greatest - least) / 2, round_trip)

    def offset_at(self, now: float) -> float:
        """The offset in use: near the estimate, but never jumping for a trifle."""
        way = self._aim - self._offset
        walked = max(0.0, now - self._since) * SLEW
        return self._aim if abs(way) <= walked else self._offset + (walked if way > 0 else -walked)

    def server_time(self, now: float) -> float:
        """The server's time (ms since 1970) at the local instant `now`."""
        return now + self.offset_at(now)

    def _walk_to(self, aim: float, now: float) -> None:
        here = self.offset_at(now)
        is_new = self._taken <= FIRST
        self._offset = aim if is_new or abs(aim - here) > STEP_BEYOND else here
        self._aim, self._since = aim, now


def agreeing(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """The newest samples, as far back as they agree.

    Where they contradict one another a clock was set, slewed, or slept: the past is then of no use.
    """
    kept: tuple[Sample, ...] = ()
    for sample in samples:
        longer = (*kept, sample)
        least, greatest = _agreement(longer, longer[0].t3)
        if least > greatest:
            break
        kept = longer
    return kept


def _agreement(samples: Iterable[Sample], now: float) -> tuple[float, float]:
    bounds = [sample.bounds(now) for sample in samples]
    return max(least for least, _ in bounds), min(greatest for _, greatest in bounds)
