"""Outboxes of paper: what a connection would be sent is written down, and sent nowhere."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from syncplay_backend.domain import wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live.connection import Connection, Line
from syncplay_backend.live.feed import News
from syncplay_backend.live.frames import text_frame, text_of
from syncplay_backend.live.outbox import Outbox

ROOM = uuid4()
EPOCH = uuid4()
ALICE = uuid4()
BOB = uuid4()
CONTRACT, PRECISE = 1, 2


class Paper(Outbox):
    """Keeps all that is put into it, in order, and how it was closed."""

    def __init__(self, *, fails: bool = False) -> None:
        self.is_idle = False  # so that the hub writes nothing past it
        self.frames: list[str] = []
        self.closed: Close | None = None
        self.given_up = False
        self.stuck = False
        self._fails = fails

    def put(self, frame: str | bytes) -> None:
        if self._fails:
            raise ConnectionError("this socket is broken")
        if self.closed is None:
            self.frames.append(frame if isinstance(frame, str) else text_of(frame))

    def close(self, close: Close) -> None:
        self.closed = self.closed or close

    def is_stuck(self) -> bool:
        return self.stuck

    def give_up(self) -> None:
        self.given_up = True

    def discard(self) -> None:
        self.closed = self.closed or Close.LEFT

    @property
    def said(self) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.frames]

    @property
    def seqs(self) -> list[int]:
        """The seqs of the numbered events, and of the rooms, in the order they came."""
        return [frame["seq"] if "seq" in frame else frame["data"]["seq"] for frame in self.said]

    @property
    def types(self) -> list[str]:
        return [frame["type"] for frame in self.said]


def a_connection(
    protocol: int = PRECISE, room_id: UUID = ROOM, member_id: UUID = ALICE, *, fails: bool = False
) -> tuple[Connection, Paper]:
    paper = Paper(fails=fails)
    connection = Connection(uuid4(), room_id, Line(paper, lambda: None), protocol)
    connection.member_id = member_id
    return connection, paper


def news(seq: int, type: str = "seek", room_id: UUID = ROOM, **more: Any) -> News:
    """An event as the post carries it."""
    given: dict[str, Any] = {"origin": None, "subject": None} | more
    frame = text_frame(json.dumps({"type": type, "seq": seq}))
    return News(room_id, seq, type, given["origin"], given["subject"], frame)


def snapshot(seq: int) -> str:
    return json.dumps({"type": "room_update", "data": {"seq": seq}})


def code_of(frame: str) -> str:
    return str(json.loads(frame)["data"]["code"])


NO_WORD_IN_THE_CONTRACT = "host_changed"
assert NO_WORD_IN_THE_CONTRACT not in wire.CONTRACT_EVENTS
