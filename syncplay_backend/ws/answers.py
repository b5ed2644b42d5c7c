"""The answers to one connection's commands, in the order in which it gave them."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Code, Refused, server_error
from syncplay_backend.domain.limits import COMMANDS_IN_FLIGHT
from syncplay_backend.services.visits import Outbox, Outcome

Answer = Future[Outcome]


class Answers:
    """`soon(call)` has the event loop make the call, whichever thread asks."""

    def __init__(self, outbox: Outbox, soon: Callable[[Callable[[], None]], object]) -> None:
        self._outbox = outbox
        self._soon = soon
        self._in_flight: deque[tuple[Answer, str | None]] = deque()

    def make_sure_of_room(self) -> None:
        """Raises `Refused` (`slow_down`) while too many are still to come."""
        if len(self._in_flight) >= COMMANDS_IN_FLIGHT:
            raise too_many()

    def await_one(self, answer: Answer, ref: str | None) -> None:
        """Pass the answer on when it has come; an `ack` only where a `ref` asks for one."""
        self._in_flight.append((answer, ref))
        answer.add_done_callback(lambda _: self._soon(self._settle))

    def _settle(self) -> None:
        while self._in_flight and self._in_flight[0][0].done():
            answer, ref = self._in_flight.popleft()
            failure = answer.exception()
            if failure is not None:
                refused = failure if isinstance(failure, Refused) else server_error()
                self._outbox.put(wire.error(refused, ref))
            elif ref is not None:
                self._outbox.put(wire.ack(ref, answer.result().seq))


def too_many() -> Refused:
    many = f"At most {COMMANDS_IN_FLIGHT} commands at once: wait for the answers."
    return Refused(Code.SLOW_DOWN, many, retry_after=0.5)
