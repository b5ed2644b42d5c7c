"""Connections with a wire below them: how far the client is, and when it was last heard."""

from __future__ import annotations

from uuid import UUID, uuid4

from syncplay_backend.live.connection import Connection, Line
from tests.live.paper import ALICE, PRECISE, ROOM, Paper


class NewestPaper(Paper):
    """Writes down what may be replaced by newer ones, too: each kind stands for its last frame."""

    def __init__(self) -> None:
        super().__init__()
        self.newest: dict[str, str] = {}

    def put_newest(self, kind: str, frame: str) -> None:
        self.newest[kind] = frame


def a_line(paper: Paper, trip: float | None = None) -> Line:
    return Line(paper, lambda: trip)


def connected(
    protocol: int = PRECISE,
    room_id: UUID = ROOM,
    member_id: UUID = ALICE,
    *,
    trip: float | None = None,
) -> tuple[Connection, NewestPaper]:
    """A connection that has its room already, at seq 0."""
    paper = NewestPaper()
    connection = Connection(uuid4(), room_id, a_line(paper, trip), protocol)
    connection.member_id = member_id
    connection.give_snapshot([], 0)
    return connection, paper
