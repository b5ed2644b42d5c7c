"""A hub that writes down what it asked for, and seats people."""

from __future__ import annotations

from uuid import UUID

from syncplay_backend.live.connection import Connection
from syncplay_backend.live.hub import Hub
from tests.live.paper import EPOCH, PRECISE, Paper, a_connection, snapshot


class Hall(Hub):
    def __init__(self) -> None:
        self.wanted: list[UUID] = []
        super().__init__(wants=self.wanted.append)

    def seat(
        self, protocol: int = PRECISE, seq: int = 5, *, frame: str | None = None, **more
    ) -> tuple[Connection, Paper]:
        """Somebody who listens and has its snapshot."""
        connection, paper = a_connection(protocol, **more)
        self.listen(connection)
        self.start(connection, [frame or snapshot(seq)], seq, EPOCH)
        return connection, paper
