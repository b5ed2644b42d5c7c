"""The answers to one connection's commands, in the order in which it gave them."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple
from weakref import ref

from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Code, Refused, server_error, unavailable
from syncplay_backend.domain.limits import COMMANDS_IN_FLIGHT
from syncplay_backend.services.execute import ANSWER_WITHIN
from syncplay_backend.services.visits import Outbox, Outcome

Answer = Future[Outcome]


class Asked(NamedTuple):
    answer: Answer
    id: str | None
    until: float  # by the event loop's time


class Answers:
    """They come within 8 s, always: a database that hangs is no reason to leave anybody waiting.

    `soon(call)` has the event loop make the call, whichever thread asks.
    """

    def __init__(self, outbox: Outbox, soon: Callable[[Callable[[], None]], object]) -> None:
        self._loop = asyncio.get_running_loop()
        self._outbox = outbox
        self._soon = soon
        self._in_flight: deque[Asked] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def make_sure_of_room(self) -> None:
        """Raises `Refused` (`slow_down`) while too many are still to come."""
        if len(self._in_flight) >= COMMANDS_IN_FLIGHT:
            raise too_many()

    def await_one(self, answer: Answer, id: str | None) -> None:
        """Pass the answer on when it has come; an `ack` only where an `id` asks for one."""
        asked = Asked(answer, id, self._loop.time() + ANSWER_WITHIN)
        self._in_flight.append(asked)
        self._timer = self._timer or self._look_again_at(asked.until)
        answer.add_done_callback(lambda _: self._soon(self._settle))

    def _settle(self) -> None:
        while self._in_flight and self._in_flight[0].answer.done():
            asked = self._in_flight.popleft()
            self._tell(asked, asked.answer.exception())

    def give_up(self) -> None:
        """One timer for them all, and none for an answer that comes in time."""
        self._timer = None
        self._settle()
        while self._in_flight and self._in_flight[0].until <= self._loop.time():
            self._tell(self._in_flight.popleft(), unavailable())
            self._settle()
        if self._in_flight:
            self._timer = self._look_again_at(self._in_flight[0].until)

    def _look_again_at(self, instant: float) -> asyncio.TimerHandle:
        """The timer keeps nobody: of a connection that has gone nothing shall stay for 8 s."""
        return self._loop.call_at(instant, _give_up, ref(self))

    def _tell(self, asked: Asked, failure: BaseException | None) -> None:
        if failure is not None:
            refused = failure if isinstance(failure, Refused) else server_error()
            self._outbox.put(wire.error(refused, asked.id))
        elif asked.id is not None:
            self._outbox.put(wire.ack(asked.id, asked.answer.result().seq))


def _give_up(answers: "ref[Answers]") -> None:
    if (still_there := answers()) is not None:
        still_there.give_up()


def too_many() -> Refused:
    many = f"At most {COMMANDS_IN_FLIGHT} commands at once: wait for the answers."
    return Refused(Code.SLOW_DOWN, many, retry_after=0.5)
