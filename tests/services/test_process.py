"""A process's live part: commits reach its sockets, and those of other processes."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live.post import Bundle
from syncplay_backend.services import execute
from syncplay_backend.services.process import Process
from tests.live.paper import EPOCH, Paper, a_connection, news, snapshot
from tests.services.stage import Stage, open_room, soon


def watch(process: Process, stage: Stage) -> Paper:
    connection, paper = a_connection(2, stage.room_id, stage.alice.id)
    process.hub.listen(connection)
    process.hub.start(connection, [snapshot(1)], 1, EPOCH)
    return paper


async def test_what_is_committed_here_reaches_the_sockets_here(process: Process) -> None:
    stage = open_room()
    paper = watch(process, stage)
    stage.seek(5)
    await soon(lambda: paper.seqs == [1, 2])


async def test_what_is_committed_here_is_published_to_the_others(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process.post, "reaches_others", True)
    stage = open_room()
    other = Process()
    other.run(other.post.receive())
    execute.off_commit(other._commit_happened)
    await other.post.follow()
    paper = watch(other, stage)
    stage.seek(5)
    await soon(lambda: paper.seqs == [1, 2])
    execute.on_commit(other._commit_happened)
    await other.stop()


async def test_who_is_crowded_out_is_closed_wherever_it_is(process: Process) -> None:
    stage = open_room()
    connection, paper = a_connection(2, stage.room_id, stage.alice.id)
    process.hub.listen(connection)
    process._hear(Bundle("another process", crowded_out=[connection.id]))
    assert paper.closed == Close.TOO_MANY_CONNECTIONS


async def test_what_the_hub_wants_is_remembered_until_it_is_brought(process: Process) -> None:
    stage = open_room()
    watch(process, stage)
    process.hub.receive([news(7, room_id=stage.room_id)])
    assert process.wanted == {stage.room_id}
    assert process.has_wanted.is_set()


async def test_a_loop_goes_on_whatever_happens_in_a_turn(process: Process) -> None:
    turns: list[int] = []

    async def turn() -> None:
        turns.append(len(turns))
        if len(turns) == 1:
            raise ZeroDivisionError("the first one fails")

    process.run_every(0.01, turn)
    await soon(lambda: len(turns) >= 3)


async def test_after_its_end_it_hears_nothing_more_and_its_loops_have_ended() -> None:
    process = Process()
    ticks: list[UUID] = []

    async def tick() -> None:
        ticks.append(uuid4())

    process.run_every(0.001, tick)
    await soon(lambda: ticks)
    await process.stop()
    assert process._commit_happened not in execute._listeners
    assert all(task.done() for task in process._tasks)


async def test_a_commit_after_the_event_loop_has_ended_fails_nobody() -> None:
    def end_a_loop() -> Process:
        async def make() -> Process:
            return Process()

        return asyncio.run(make())

    ended = await asyncio.to_thread(end_a_loop)
    try:
        stage = await asyncio.to_thread(open_room)
        await asyncio.to_thread(stage.seek, 5)
    finally:
        execute.off_commit(ended._commit_happened)
