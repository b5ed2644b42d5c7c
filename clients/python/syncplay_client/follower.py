"""Keeps a player where the room is.

It looks at what is (the room's timeline, the time, the player), never at what has just been said:
so whatever was missed, said twice or came late, the next look puts it right.
"""

from typing import Any

from syncplay_client.drift import Controller, Reading, Seek, SetRate, State
from syncplay_client.player import Player
from syncplay_client.timeline import Timeline, to_milliseconds

LOOK_EVERY = 100.0  # ms
REPORT_EVERY = 5_000.0  # ms
READY, BUFFERING = "ready", "buffering"  # as `status` says it
NEAR_ENOUGH = 0.05  # s: from here a start needs no jump first
RATES = (0.25, 4.0)  # that the protocol has a word for: a correction may go beyond


class Follower:
    def __init__(self, player: Player, controller: Controller | None = None) -> None:
        self.player = player
        self.controller = controller or Controller()
        self._timeline: Timeline | None = None

    def look(self, timeline: Timeline, server_now: float, now: float) -> float:
        """Do what is needed now. Answers how many milliseconds later to look again."""
        told, self._timeline = timeline != self._timeline, timeline
        if not self._is_time_to_move(timeline, server_now):
            self._hold()
        elif not self.player.playing:
            self._start(timeline, server_now, now)
        elif told:
            self._go_on(timeline, server_now, now)
        self._correct(timeline, server_now, now)
        return self._next_look(timeline, server_now)

    def error(self, timeline: Timeline, server_now: float) -> float:
        """Milliseconds by which the player is ahead of the room, as it seems from here."""
        off = self.player.position - timeline.position_at(server_now)
        return off / timeline.rate * 1000

    def _is_time_to_move(self, timeline: Timeline, server_now: float) -> bool:
        return timeline.is_moving_at(server_now + self.controller.cost("start"))

    def _hold(self) -> None:
        if self.player.playing:
            self.player.pause()

    def _start(self, timeline: Timeline, server_now: float, now: float) -> None:
        cost = self.controller.cost("start")
        self._set_rate(timeline.rate)
        way_off = abs(self.player.position - timeline.position_at(server_now + cost))
        if way_off <= NEAR_ENOUGH * timeline.rate:
            self.controller.told("start", now)
        else:
            self._jump(timeline, server_now, now)
        self.player.play()

    def _go_on(self, timeline: Timeline, server_now: float, now: float) -> None:
        """The room has jumped, or turned its rate, under a player that moves."""
        self._set_rate(timeline.rate)
        if abs(self.error(timeline, server_now)) > NEAR_ENOUGH * 1000:
            self._jump(timeline, server_now, now)

    def _jump(self, timeline: Timeline, server_now: float, now: float) -> None:
        self.player.seek(timeline.position_at(server_now + self.controller.cost("seek")))
        self.controller.told("seek", now)

    def _set_rate(self, rate: float) -> None:
        if self.player.rate != rate:
            self.player.set_rate(rate)

    def _correct(self, timeline: Timeline, server_now: float, now: float) -> None:
        reading = Reading(
            now=now,
            position=self.player.position,
            target=timeline.position_at(server_now),
            playing=self.player.playing,
            room_rate=timeline.rate,
            rate=self.player.rate,
            state=self.player.state,
            ahead=self.player.ahead,
        )
        match self.controller.correct(reading):
            case Seek(position):
                self.player.seek(position)
            case SetRate(rate):
                self.player.set_rate(rate)

    def _next_look(self, timeline: Timeline, server_now: float) -> float:
        start = timeline.at - self.controller.cost("start") - server_now
        if timeline.playing and 0 < start < LOOK_EVERY:
            return start
        return LOOK_EVERY


class Reporter:
    """Tells the room how the player is doing: when that changes, and every few seconds."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._told: str | None = None
        self._next = 0.0

    def start_over(self) -> None:
        """To a new connection nothing has been told yet."""
        self._told = None

    def report(self, timeline: Timeline, server_now: float, now: float) -> dict[str, Any] | None:
        """The `data` of a `status`, if there is something to tell."""
        player = self._follower.player
        state = BUFFERING if player.state is State.BUFFERING else READY
        if state == self._told and now < self._next:
            return None
        self._told, self._next = state, now + REPORT_EVERY
        return {
            "state": state,
            "position": to_milliseconds(player.position),
            "rate": min(max(player.rate, RATES[0]), RATES[1]),
            "offset": round(self._follower.error(timeline, server_now), 1),
        }
