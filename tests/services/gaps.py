"""A process that is told of no commit, and what a test hands on to it instead."""

from __future__ import annotations

from uuid import uuid4

from syncplay_backend.live.connection import Connection
from syncplay_backend.live.feed import News
from syncplay_backend.rooms import log
from syncplay_backend.services.mending import Mender, news_of
from syncplay_backend.services.process import Process
from tests.live.paper import PRECISE, Paper, a_connection, snapshot
from tests.services.stage import Stage


def watch(process: Process, stage: Stage, protocol: int = PRECISE) -> tuple[Connection, Paper]:
    """Somebody who has the room as it is now."""
    connection, paper = a_connection(protocol, stage.room_id, uuid4())
    room = stage.state
    process.hub.listen(connection)
    process.hub.start(connection, [snapshot(room.seq)], room.seq, room.epoch)
    return connection, paper


def happened(stage: Stage, *seqs: int) -> list[News]:
    """Publications, in the order given."""
    found = {entry.seq: news_of(entry) for entry in log.beyond({stage.room_id: 0}, 1_000)}
    return [found[seq] for seq in seqs]


def seek(stage: Stage, times: int) -> None:
    for position in range(times):
        stage.seek(position)


async def mend(mender: Mender) -> None:
    wanted, mender._process.wanted = mender._process.wanted, set()
    await mender._mend(wanted)
