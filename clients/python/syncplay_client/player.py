"""A player without a screen: it starts late, takes its time to jump, stalls, as real ones do.

It knows no more of the time than the clock it is given. A bot is somewhere by means of it; the
simulation tries the whole client out on it.
"""

from collections.abc import Callable
from random import Random
from typing import Protocol

from msgspec import Struct

from syncplay_client.drift import State


class Player(Protocol):
    """What is asked of anything that shows a video."""

    @property
    def position(self) -> float:
        """Seconds into the video, as the player tells it."""

    @property
    def playing(self) -> bool:
        """Whether it was told to play; it may stall all the same."""

    @property
    def rate(self) -> float: ...

    @property
    def state(self) -> State: ...

    @property
    def ahead(self) -> float:
        """Seconds of video that it holds beyond its position."""

    def play(self) -> None: ...

    def pause(self) -> None: ...

    def seek(self, position: float) -> None: ...

    def set_rate(self, rate: float) -> None: ...


class Latency(Struct, frozen=True):
    """How long something takes: about as long each time (milliseconds)."""

    usual: float
    spread: float = 0.0

    def draw(self, dice: Random) -> float:
        return max(0.0, self.usual + dice.uniform(-self.spread, self.spread))


class Manners(Struct, frozen=True, kw_only=True):
    """How a player behaves; the times in milliseconds."""

    start: Latency = Latency(40, 15)
    seek: Latency = Latency(90, 25)
    turn: Latency = Latency(20, 10)  # a new rate takes hold
    coarseness: float = 4.0  # the position it tells is off by up to so much
    buffer: float = 30.0  # s of video held ahead


class VirtualPlayer:
    """`now` tells the time in milliseconds."""

    def __init__(
        self,
        now: Callable[[], float],
        manners: Manners | None = None,
        dice: Random | None = None,
    ) -> None:
        self._now = now
        self._manners = manners or Manners()
        self._dice = dice or Random()
        self._playing = False
        self._rate = 1.0
        self._position = 0.0  # at `_as_of`, from which instant on it moves if it plays
        self._as_of = now()
        self._stalled_until = self._as_of
        self._turn: tuple[float, float] | None = None  # a rate, and when it takes hold

    @property
    def true_position(self) -> float:
        """Seconds into the video: the frame that is on the screen."""
        self._catch_up()
        return self._position

    @property
    def position(self) -> float:
        noise = self._dice.uniform(-1, 1) * self._manners.coarseness / 1000
        return max(0.0, self.true_position + (noise if self._playing else 0.0))

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def rate(self) -> float:
        return self._turn[0] if self._turn else self._rate

    @property
    def state(self) -> State:
        now = self._now()
        if now < self._stalled_until:
            return State.BUFFERING
        return State.BUSY if now < self._as_of else State.READY

    @property
    def ahead(self) -> float:
        return 0.0 if self.state is State.BUFFERING else self._manners.buffer

    def play(self) -> None:
        self._catch_up()
        if not self._playing:
            self._playing = True
            self._hold(self._manners.start)

    def pause(self) -> None:
        self._catch_up()
        self._playing = False

    def seek(self, position: float) -> None:
        self._catch_up()
        self._position = position
        self._hold(self._manners.seek)

    def set_rate(self, rate: float) -> None:
        self._catch_up()
        self._turn = (rate, self._now() + self._manners.turn.draw(self._dice))

    def stall(self, duration: float) -> None:
        """Run out of data for so long (ms)."""
        self._catch_up()
        self._stalled_until = max(self._stalled_until, self._now() + duration)
        self._as_of = max(self._as_of, self._stalled_until)

    def _hold(self, latency: Latency) -> None:
        self._as_of = max(self._as_of, self._now() + latency.draw(self._dice))

    def _catch_up(self) -> None:
        now = self._now()
        if self._turn is not None and now >= self._turn[1]:
            rate, when = self._turn
            self._move_to(when)
            self._rate, self._turn = rate, None
        self._move_to(now)

    def _move_to(self, now: float) -> None:
        if now <= self._as_of:
            return
        if self._playing:
            self._position += (now - self._as_of) / 1000 * self._rate
        self._as_of = now
