"""What a member says and hears, from connection to connection. No sockets, no clock.

Feed it what happens (`opened`, `received`, `closed`, `tick`), and send what `outgoing` hands out;
connection.py does that with websockets.
"""

from collections import deque
from random import Random
from typing import Any

from msgspec import Struct

from syncplay_client import frames
from syncplay_client import room as rooms
from syncplay_client.clock import Clock, Sample, wait_after
from syncplay_client.commands import Commands
from syncplay_client.frames import ErrorData, Frame, NotUnderstood
from syncplay_client.happenings import Answered, Ended, Happened, Happening, Joined
from syncplay_client.room import Gap, Room

PROTOCOL = 2
FIRST_WAIT = 500.0  # ms, before the first reconnect; each further one waits twice as long
LONGEST_WAIT = 30_000.0  # ms
LASTING = 5_000.0  # ms: a connection that held so long was a good one
QUESTIONS_KEPT = 16

# We have left; the room does not want us, or is no more; or this is an older tab that had to go.
FINAL_CODES = {
    1000: "left",
    4400: "bad_frame",
    4403: "not_allowed",
    4404: "room_not_found",
    4409: "too_many_connections",
    4410: "room_closed",
}
# The same, as an error before the end says it: some servers lose the code of a close.
FINAL_ERRORS = {"banned", "room_closed", "room_not_found", "too_many_connections"}


class Session:
    """`key` is the member's secret: a fresh random UUID, or what REST answered."""

    def __init__(
        self, name: str, key: str, *, password: str | None = None, dice: Random | None = None
    ) -> None:
        self.name = name
        self.key = key
        self.room: Room | None = None
        self.clock = Clock()
        self.is_joined = False
        self._password = password
        self._dice = dice or Random()
        self._commands = Commands(self._dice)
        self._outgoing: list[str] = []
        self._questions: deque[float] = deque(maxlen=QUESTIONS_KEPT)
        self._asked = 0
        self._next_question: float | None = None
        self._joined_at: float | None = None
        self._failures = 0
        self._retry_after = 0.0
        self._over: Ended | None = None
        self._turned_away = False
        self._leaving = False
        self._mending = False

    # What we want to say

    def command(self, kind: str, data: dict[str, Any]) -> str:
        """To be done once, however often it has to be said. Answers the command's id."""
        id = self._commands.add(kind, data)
        self._say_commands(now=0.0)
        return id

    def forget(self, id: str) -> None:
        """Say the command no more. It may have been done all the same."""
        self._commands.settle(id)

    def say(self, kind: str, data: dict[str, Any]) -> None:
        """What may be lost: `typing`, `status`. Out of the room it is not even tried."""
        if self.is_joined:
            self._outgoing.append(frames.encode(kind, data))

    def leave(self) -> None:
        """Give up the place in the room, for good."""
        self._leaving = True
        self._outgoing.append(frames.encode("leave", {}))

    def outgoing(self) -> list[str]:
        """What is to be sent now, in order."""
        said, self._outgoing = self._outgoing, []
        return said

    # What happens

    def opened(self) -> None:
        """A connection stands: join."""
        self._outgoing.clear()
        self._questions.clear()
        self._join()

    def tick(self, now: float) -> None:
        """Say what has become due. Call it right before sending: it stamps the questions."""
        if self._next_question is not None and now >= self._next_question:
            self._ask(now)
        self._say_commands(now)

    def due(self, now: float) -> float | None:
        """The instant of the next `tick`; None: not before something happens."""
        later = (self._next_question, self._commands.due(now) if self.is_joined else None)
        return min((at for at in later if at is not None), default=None)

    def received(self, text: str | bytes, now: float) -> list[Happening]:
        """What a frame means; `now` as near as possible to when it came in."""
        try:
            return self._hear(frames.decode(text), now)
        except NotUnderstood:
            return []

    def closed(self, now: float, code: int | None = None) -> float:
        """The connection is gone, or did not come about. Answers the ms to wait before the next.

        Raises `Ended` where there is to be no next one.
        """
        lasted = self._joined_at is not None and now - self._joined_at >= LASTING
        self._failures = 1 if lasted else self._failures + 1
        self.is_joined = self._mending = self._turned_away = False
        self._joined_at = self._next_question = None
        self._commands.connection_lost()
        if self._over or self._leaving or code in FINAL_CODES:
            raise self._over or Ended("left" if self._leaving else FINAL_CODES[code or 0])
        wish, self._retry_after = self._retry_after * 1000, 0.0
        growing = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (min(self._failures, 10) - 1))
        return max(growing * self._dice.uniform(0.5, 1.0), wish)

    @property
    def hangs_up(self) -> bool:
        """Whether this connection is of no more use: we are refused, for now or for good."""
        return self._turned_away or self._over is not None

    def _hear(self, frame: Frame, now: float) -> list[Happening]:
        match frame.type:
            case "time":
                self._take_time(frame, now)
                return []
            case "room_update":
                self.room = rooms.from_snapshot(frame.data, self.room.chat if self.room else ())
                return [*self._enter(now, resumed=False), Happened(frame)]
            case "resumed":
                return self._enter(now, resumed=True)
            case "ack":
                ack = frames.read(_Ack, frame.data)
                return self._answer(Answered(ack.ref, ack.seq))
            case "error":
                return self._hear_error(frame, now)
            case _:
                return self._hear_event(frame)

    def _enter(self, now: float, *, resumed: bool) -> list[Happening]:
        self._mending = False
        if self.is_joined:
            return []
        self.is_joined, self._joined_at = True, now
        self._asked, self._next_question = 0, now
        if self._leaving:
            self.leave()
        self._say_commands(now)
        return [Joined(resumed)]

    def _hear_event(self, frame: Frame) -> list[Happening]:
        before = self.room
        if before is None:
            return []
        try:
            self.room = rooms.follow(before, frame)
        except NotUnderstood:
            self.room = rooms.passed(before, frame)
        except Gap:
            self._mend()
            return []
        is_new = frame.seq is None or frame.seq > before.seq
        return [Happened(frame)] if is_new else []

    def _mend(self) -> None:
        """Something is missing: ask for it, on this connection."""
        if not self._mending:
            self._mending = True
            self._join()

    def _hear_error(self, frame: Frame, now: float) -> list[Happening]:
        error = frames.read(ErrorData, frame.data)
        if error.ref is not None and not error.retryable:
            return self._answer(Answered(error.ref, error=error))
        if error.retryable:
            self._commands.put_off(error, now)
        if error.ref is not None:
            return []
        self._retry_after = error.retry_after
        self._turned_away = not self.is_joined
        if error.code in FINAL_ERRORS or (self._turned_away and not error.retryable):
            self._over = Ended(error.code, error.error)
        return [Happened(frame)]

    def _answer(self, answer: Answered) -> list[Happening]:
        return [answer] if self._commands.settle(answer.ref) else []

    def _join(self) -> None:
        data: dict[str, Any] = {"userName": self.name, "protocol": PROTOCOL}
        if self._password is not None:
            data["password"] = self._password
        if self.room is not None:
            data |= {"lastSeq": self.room.seq, "epoch": self.room.epoch}
        self._outgoing.append(frames.encode("join", data, key=self.key))

    def _ask(self, now: float) -> None:
        self._outgoing.append(frames.encode("time", {"t0": now}))
        self._questions.append(now)
        self._asked += 1
        self._next_question = now + wait_after(self._asked, self._dice.random())

    def _take_time(self, frame: Frame, now: float) -> None:
        stamps = frames.read(_Stamps, frame.data)
        if stamps.t0 in self._questions:
            self._questions.remove(stamps.t0)
            self.clock.take(Sample(stamps.t0, stamps.t1, stamps.t2, now))

    def _say_commands(self, now: float) -> None:
        if self.is_joined:
            self._outgoing += [
                frames.encode(command.type, command.data, id=command.id)
                for command in self._commands.take(now)
            ]


class _Stamps(Struct):
    t0: float
    t1: float
    t2: float


class _Ack(Struct):
    ref: str
    seq: int = 0
