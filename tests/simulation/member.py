"""A member of the simulation: the real client, with a clock, a player and a line of its own."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from msgspec import Struct
from syncplay_client.follower import Follower, Reporter
from syncplay_client.happenings import Joined
from syncplay_client.player import Manners, VirtualPlayer
from syncplay_client.session import Session

from tests.simulation.network import Line, Weather
from tests.simulation.server import Visit

if TYPE_CHECKING:
    from tests.simulation.stage import Stage

PPM = 1e-6


class Character(Struct, frozen=True, kw_only=True):
    """What a member brings along."""

    name: str
    key: str
    weather: Weather
    clock_off: float = 0.0  # ms that its clock is ahead of the truth when the run begins
    clock_drift: float = 0.0  # parts in a million that it is too fast
    player_drift: float = 0.0  # the same of its player
    manners: Manners = Manners()
    seed: int = 0


class Member:
    def __init__(self, stage: Stage, character: Character) -> None:
        dice = Random(character.seed)
        self.name = character.name
        self._stage = stage
        self.character = character
        self._up = Line(character.weather.up, stage.length, dice)
        self._down = Line(character.weather.down, stage.length, dice)
        self.session = Session(character.name, character.key, dice=Random(dice.random()))
        self.player = VirtualPlayer(self._media_time, character.manners, Random(dice.random()))
        self.follower = Follower(self.player)
        self._reporter = Reporter(self.follower)
        self._visit: Visit | None = None
        self._wake_at = float("inf")
        self.settled_from = float("inf")  # the instant of the last entry

    @property
    def is_in(self) -> bool:
        return self.session.is_joined

    def come(self) -> None:
        """Connect; the handshake takes a round trip."""
        there = self._up.arrival(self._stage.time.now)
        self._stage.time.at(self._down.arrival(there), self._open)

    def vanish(self) -> None:
        """The network is gone, without a word: the server sees it a moment later."""
        lost, self._visit = self._visit, None
        if lost is not None:
            self.session.closed(self.local_time())
            self.settled_from = float("inf")
            self._stage.time.after(1_000, lambda: self._stage.server.hang_up(lost))

    def command(self, kind: str, **data: object) -> None:
        self.session.command(kind, data)
        self._wake()

    def stall(self, duration: float) -> None:
        self.player.stall(duration)

    def local_time(self) -> float:
        """Its own clock, which is all that it knows."""
        character = self.character
        return character.clock_off + self._stage.time.now * (1 + character.clock_drift * PPM)

    def _media_time(self) -> float:
        return self._stage.time.now * (1 + self.character.player_drift * PPM)

    def _open(self) -> None:
        visit = self._stage.server.connect(
            lambda text: self._carry_down(visit, text),
            lambda _: self.vanish(),
            self.character.weather.round_trip,
        )
        self._visit = visit
        self.session.opened()
        self._wake()

    def _carry_down(self, visit: Visit, text: str) -> None:
        arrival = self._down.arrival(self._stage.time.now)
        self._stage.time.at(arrival, lambda: self._hear(visit, text))

    def _hear(self, visit: Visit, text: str) -> None:
        if visit is not self._visit:
            return
        timeline = self._timeline
        happenings = self.session.received(text, self.local_time())
        has_joined = any(isinstance(happening, Joined) for happening in happenings)
        if has_joined:
            self.settled_from = self._stage.time.now
            self._reporter.start_over()
        if self._timeline != timeline or has_joined or not self.is_in:
            self._wake()

    @property
    def _timeline(self) -> object:
        return self.session.room.timeline if self.session.room else None

    def _wake(self) -> None:
        now = self.local_time()
        next_look = self._look(now)
        visit = self._visit
        if visit is not None:
            self.session.tick(now)
            for text in self.session.outgoing():
                self._carry_up(visit, text)
        due = self.session.due(now)
        self._sleep(min(next_look, float("inf") if due is None else due - now))

    def _look(self, now: float) -> float:
        room, clock = self.session.room, self.session.clock
        if room is None or not clock.is_set:
            return 100.0
        server_now = clock.server_time(now)
        wait = self.follower.look(room.timeline, server_now, now)
        if report := self._reporter.report(room.timeline, server_now, now):
            self.session.say("status", report)
        return wait

    def _carry_up(self, visit: Visit, text: str) -> None:
        arrival = self._up.arrival(self._stage.time.now)
        self._stage.time.at(arrival, lambda: self._stage.server.hear(visit, text))

    def _sleep(self, local: float) -> None:
        wake_at = self._stage.time.now + max(0.1, local)
        self._wake_at = wake_at
        self._stage.time.at(wake_at, lambda: self._wake_if(wake_at))

    def _wake_if(self, wake_at: float) -> None:
        """A later decision may have set another hour."""
        if wake_at == self._wake_at:
            self._wake()
