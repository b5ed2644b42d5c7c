"""The way between a member and the server: late, uneven, now and then blocked.

How long the way takes depends on when one sets out, and on nothing else: what is sent on it besides
changes nothing. So two runs that differ in one member are alike for all the others, to the bit.
"""

from random import Random

from msgspec import Struct

SLOT = 20.0  # ms: how long the weather stays the same


class Way(Struct, frozen=True, kw_only=True):
    """One direction; all in milliseconds."""

    least: float
    jitter: float  # mean of what comes on top, exponentially distributed
    most: float  # of the whole, but for what is blocked
    blocked_every: float = 30_000.0  # on average
    blocked_for: tuple[float, float] = (200.0, 700.0)


class Line:
    """One direction of one member's connection, for the length of a run."""

    def __init__(self, way: Way, length: float, dice: Random) -> None:
        self._least = way.least
        self._arrivals: list[float] = []
        blocked_until = 0.0
        next_block = dice.expovariate(1 / way.blocked_every)
        last = 0.0
        for slot in range(int(length / SLOT) + 1):
            instant = slot * SLOT
            if instant >= next_block:
                blocked_until = instant + dice.uniform(*way.blocked_for)
                next_block = blocked_until + dice.expovariate(1 / way.blocked_every)
            delay = min(way.least + dice.expovariate(1 / way.jitter), way.most)
            # A connection keeps its order: nothing arrives before what was sent earlier.
            last = max(last, max(instant, blocked_until) + delay)
            self._arrivals.append(last)

    def arrival(self, sent: float) -> float:
        slot = min(int(sent / SLOT), len(self._arrivals) - 1)
        return max(self._arrivals[slot], sent + self._least)


class Weather(Struct, frozen=True):
    """Both directions of a member's connection."""

    up: Way
    down: Way

    @property
    def round_trip(self) -> float:
        return self.up.least + self.down.least


def weather(round_trip: float, asymmetry: float, jitter: float) -> Weather:
    """`asymmetry`: milliseconds that the way up is always longer. No clock can ever see it."""
    least = round_trip / 2
    most = max(400.0 - round_trip, 2 * least) / 2 + least
    return Weather(
        up=Way(least=least + asymmetry / 2, jitter=jitter, most=most),
        down=Way(least=least - asymmetry / 2, jitter=jitter / 2, most=most),
    )
