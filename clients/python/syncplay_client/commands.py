"""Commands that have no answer yet. Each keeps its id, so that the server does it once."""

from random import Random
from typing import Any
from uuid import UUID

from msgspec import Struct

from syncplay_client.frames import ErrorData

IN_FLIGHT = 16  # the server takes no more at once from one connection
LEAST_WAIT = 500.0  # ms, before a command that found the server busy is said again


class Command(Struct):
    id: str
    type: str
    data: dict[str, Any]
    sent: bool = False
    not_before: float = 0.0


class Commands:
    """In the order in which they were given."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._open: dict[str, Command] = {}

    def add(self, kind: str, data: dict[str, Any]) -> str:
        id = str(UUID(int=self._dice.getrandbits(128), version=4))
        self._open[id] = Command(id, kind, data)
        return id

    def settle(self, id: str) -> bool:
        """It is answered, or given up. Whether it was open."""
        return self._open.pop(id, None) is not None

    def put_off(self, error: ErrorData, now: float) -> None:
        """The server was busy: say again what the error is about, or all where it does not tell."""
        not_before = now + max(error.retry_after * 1000, LEAST_WAIT) * self._dice.uniform(1.0, 1.5)
        for command in self._open.values():
            if command.sent and error.ref in {None, command.id}:
                command.sent, command.not_before = False, not_before

    def connection_lost(self) -> None:
        """Nobody knows what has arrived: all of them are to be said again."""
        for command in self._open.values():
            command.sent = False

    def take(self, now: float) -> list[Command]:
        """Those to be said now."""
        free = IN_FLIGHT - sum(command.sent for command in self._open.values())
        ready = [c for c in self._open.values() if not c.sent and c.not_before <= now]
        for command in ready[: max(0, free)]:
            command.sent = True
        return ready[: max(0, free)]

    def due(self, now: float) -> float | None:
        """When the first of those that were put off is to be said."""
        later = (c.not_before for c in self._open.values() if not c.sent and c.not_before > now)
        return min(later, default=None)
