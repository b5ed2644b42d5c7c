"""How a player is brought to where the room is, without annoying anybody. Pure.

A small error is left alone; a larger one is played away at a speed that nobody hears; only a large
one is jumped over, and the jump knows how long the last one took. Whatever the player has just been
through (a command, a jump, a stall) it is first given a moment to settle.
"""

import math
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from syncplay_client.profiles import PRECISE, Profile

LEAST_CHANGE = 0.002  # a smaller change of rate is not worth the player's trouble
LEAST_AHEAD = 1.5  # s: with less in the buffer, faster would only mean to stall
RATES = (0.25, 4.2)  # what a player is ever asked for
SEEKS_IN_A_ROW = 3
IN_A_ROW = 10_000.0  # ms
CALM = 30_000.0  # ms without a jump, after which jumping is trusted again
MOST_PATIENCE = 8.0
LONGEST_HABIT = 2_000.0  # ms
FIRST_GUESS = {"start": 60.0, "seek": 120.0}  # ms

Deed = Literal["start", "seek"]


class State(StrEnum):
    READY = "ready"  # it does what it was told: moves, or stands
    BUSY = "busy"  # it is seeking or starting, because it was told to
    BUFFERING = "buffering"  # it stalls


class Reading(Struct, frozen=True, kw_only=True):
    """What is seen at one moment."""

    now: float  # ms, any steady clock
    position: float  # s: where the player is
    target: float  # s: where the room is
    playing: bool = True  # whether the room moves
    room_rate: float = 1.0
    rate: float = 1.0  # the player's
    state: State = State.READY
    ahead: float = math.inf  # s of video that the player holds beyond its position
    can_seek: bool = True

    @property
    def error(self) -> float:
        """Milliseconds (of time, not of video) by which the player is ahead of the room."""
        return (self.position - self.target) / self.room_rate * 1000


class Nothing(Struct, frozen=True, tag="nothing"):
    """Leave the player alone."""


class SetRate(Struct, frozen=True, tag="rate"):
    rate: float


class Seek(Struct, frozen=True, tag="seek"):
    position: float


Action = Nothing | SetRate | Seek
NOTHING = Nothing()


class Habit(Struct):
    """How long the player takes for something (ms), learnt from how late it came out."""

    cost: float
    learnt: bool = False

    def learn(self, late: float) -> None:
        # The first time teaches all that is known, later ones half of the surprise.
        self.cost += late / 2 if self.learnt else late
        self.cost = min(max(self.cost, 0.0), LONGEST_HABIT)
        self.learnt = True


class ThrashGuard:
    """Jumps that do not help must not go on: a few in a row double what is put up with."""

    def __init__(self) -> None:
        self.patience = 1.0
        self._seeks: list[float] = []

    def note(self, now: float) -> None:
        self._seeks = [at for at in self._seeks if now - at < IN_A_ROW] + [now]
        if len(self._seeks) > SEEKS_IN_A_ROW:
            self.patience = min(self.patience * 2, MOST_PATIENCE)
            self._seeks = [now]

    def look(self, now: float) -> None:
        if self._seeks and now - self._seeks[-1] >= CALM:
            self.patience, self._seeks = 1.0, []


class Controller:
    """Hand it a reading several times a second, and do what it says."""

    def __init__(self, profile: Profile = PRECISE) -> None:
        self.profile = profile
        self._habits = {deed: Habit(cost) for deed, cost in FIRST_GUESS.items()}
        self._guard = ThrashGuard()
        self._quiet_until = -math.inf
        self._rate_kept_until = -math.inf
        self._last_error: float | None = None
        self._learning: Habit | None = None
        self._steering = False
        self._disturbed = False
        self._stood: tuple[float, float] | None = None

    def cost(self, deed: Deed) -> float:
        """How long (ms) the player is expected to take."""
        return self._habits[deed].cost

    def told(self, deed: Deed, now: float) -> None:
        """The room has just made the player start or jump: let it settle, and learn from it."""
        self._settle(now)
        self._learning = self._habits[deed]
        self._disturbed = True

    def correct(self, reading: Reading) -> Action:
        """What the player should be told now."""
        self._guard.look(reading.now)
        if reading.state is not State.READY:
            return self._wait(reading)
        if not reading.playing:
            return self._stand(reading)
        if reading.now < self._quiet_until:
            return NOTHING
        error = self._confirm(reading.error)
        if error is None:
            return NOTHING
        if reading.can_seek and self._is_too_far(error, reading):
            return self._seek(reading)
        return self._steer(error, reading)

    def _wait(self, reading: Reading) -> Action:
        self._settle(reading.now)
        if reading.state is State.BUFFERING:
            # A jump that had to load says nothing about the next one.
            self._learning = None
            self._disturbed = True
        return NOTHING

    def _settle(self, now: float) -> None:
        self._quiet_until = now + self.profile.grace
        self._last_error = None
        self._steering = False

    def _confirm(self, error: float) -> float | None:
        """The smaller of two readings in a row, so that a single odd one moves nothing."""
        last, self._last_error = self._last_error, error
        if last is None:
            return None
        confirmed = min(last, error, key=abs) if (last > 0) == (error > 0) else 0.0
        if self._learning is not None:
            self._learning.learn(-confirmed)
            self._learning = None
        return confirmed

    def _is_too_far(self, error: float, reading: Reading) -> bool:
        limit = self.profile.seek_beyond
        if self._disturbed and -error / 1000 * reading.room_rate < reading.ahead:
            limit = self.profile.seek_beyond_after_disturbance
        self._disturbed = False
        return abs(error) > limit * self._guard.patience

    def _seek(self, reading: Reading) -> Seek:
        self._guard.note(reading.now)
        self._settle(reading.now)
        self._learning = self._habits["seek"]
        way = self.cost("seek") / 1000 * reading.room_rate
        return Seek(round(max(0.0, reading.target + way), 3))

    def _stand(self, reading: Reading) -> Action:
        """A picture that stands is jumped to its place; some players come no nearer to it."""
        self._settle(reading.now)
        self._learning = None
        here = (reading.target, reading.position)
        off = abs(reading.position - reading.target) * 1000
        if off > self.profile.stand_within and reading.can_seek and self._stood != here:
            self._stood = here
            return Seek(reading.target)
        return NOTHING if reading.rate == reading.room_rate else SetRate(reading.room_rate)

    def _steer(self, error: float, reading: Reading) -> Action:
        limit = self.profile.correct_until if self._steering else self.profile.correct_beyond
        self._steering = abs(error) > limit
        wanted = self._rate_against(error, reading) if self._steering else reading.room_rate
        if wanted == reading.rate:
            return NOTHING
        small = abs(wanted - reading.rate) < LEAST_CHANGE * reading.room_rate
        # To go back to the room's own rate is never put off.
        if wanted != reading.room_rate and (small or reading.now < self._rate_kept_until):
            return NOTHING
        self._rate_kept_until = reading.now + self.profile.spacing
        return SetRate(wanted)

    def _rate_against(self, error: float, reading: Reading) -> float:
        if error < 0 and reading.ahead < LEAST_AHEAD:
            return reading.room_rate
        if self.profile.step:
            wanted = reading.room_rate - math.copysign(self.profile.step, error)
        else:
            share = min(max(-error / self.profile.horizon, -self.profile.most), self.profile.most)
            wanted = round(reading.room_rate * (1 + share), 4)
        slowest, fastest = RATES
        return min(max(wanted, slowest), fastest)
