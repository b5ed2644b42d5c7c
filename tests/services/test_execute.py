"""The one way to change a room: everybody gets an answer, and a failure is only its culprit's."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.people import Actor
from syncplay_backend.live.feed import News
from syncplay_backend.services import execute
from syncplay_backend.services.execute import answer, answered, submit, submit_chore
from tests.services.stage import Stage, at_once, joining, open_room, writer_held


@pytest.fixture
def stage() -> Stage:
    return open_room()


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many commands were in each transaction."""
    sizes: list[int] = []
    travel = execute.travel

    def counted(jobs: Any) -> Any:
        sizes.append(len(jobs))
        return travel(jobs)

    monkeypatch.setattr(execute, "travel", counted)
    return sizes


@pytest.fixture
def heard() -> Iterator[list[News]]:
    """The news of every batch, as a listener is told them."""
    news: list[News] = []

    def listen(told: list[News], crowded_out: dict[UUID, list[UUID]]) -> None:
        news.extend(told)

    execute.on_commit(listen)
    yield news
    execute.off_commit(listen)


def refusal(future: Future[Any]) -> Refused:
    with pytest.raises(Refused) as caught:
        answer(future)
    return caught.value


def seek(stage: Stage, position: float) -> Future[Any]:
    return submit(stage.room_id, c.Seek(position), stage.alice.actor)


def test_a_command_is_answered_with_what_became_of_it(stage: Stage) -> None:
    outcome = stage.seek(42)
    assert outcome.room.seq == stage.state.seq == 2
    assert outcome.room.timeline.position == stage.state.timeline.position == 42
    assert [type(event).__name__ for event in outcome.events] == ["PlaceUsed", "Sought"]


def test_a_refused_command_changes_nothing(stage: Stage) -> None:
    before = stage.state
    assert stage.refusal(c.Seek(1.0), Actor(member_id=uuid4())) is Code.UNKNOWN_USER
    assert stage.state == before


def test_a_room_that_is_not_there_refuses() -> None:
    assert refusal(submit(uuid4(), c.Close())).code is Code.ROOM_NOT_FOUND


def test_a_batch_of_many_is_one_transaction(stage: Stage, batches: list[int]) -> None:
    other = open_room()
    batches.clear()
    with writer_held():
        answers = [seek(one, float(n)) for n in range(50) for one in (stage, other)]
    assert [answer(future).room.seq for future in answers[::2]] == list(range(2, 52))
    assert batches == [100]


def test_in_one_batch_each_command_sees_what_those_before_it_did(stage: Stage) -> None:
    with writer_held():
        joining_bob = submit(stage.room_id, joining("Bob"))
        again = submit(stage.room_id, joining("bob"))
        leaving = submit(stage.room_id, c.Leave(), stage.alice.actor)
        too_late = seek(stage, 1.0)
    bob = answer(joining_bob).events[0].member
    assert refusal(again).code is Code.NAME_TAKEN
    assert answer(leaving).room.host_id == bob.id
    assert refusal(too_late).code is Code.UNKNOWN_USER


def test_of_many_who_join_with_one_name_at_once_one_wins(stage: Stage) -> None:
    came = at_once(*[lambda: stage.join("Bob").id for _ in range(8)])
    assert sorted(map(str, came)).count("name_taken") == 7
    assert len(stage.state.members) == 2


def test_of_many_who_play_at_once_each_has_a_seq_without_gap_or_double(stage: Stage) -> None:
    def play() -> list[int]:
        return [stage.seek(n).room.seq for n in range(10)]

    seqs = [seq for run in at_once(*[play] * 8) for seq in run]
    assert sorted(seqs) == list(range(2, 82))
    assert [row.seq for row in stage.rows] == list(range(1, 82))


def test_only_the_culprit_of_a_failed_batch_is_refused_and_not_as_retryable(
    stage: Stage, batches: list[int], heard: list[News]
) -> None:
    other, bob = open_room(), stage.join("Bob")
    batches.clear()
    with writer_held():
        before = seek(stage, 1.0)
        culprit = submit(stage.room_id, joining("Charlie", key=bob.key))  # a key is unique
        after, elsewhere = seek(stage, 2.0), seek(other, 3.0)
    refused = refusal(culprit)
    assert (refused.code, refused.retryable) == (Code.SERVER_ERROR, False)
    assert [answer(future).room.seq for future in (before, after, elsewhere)] == [3, 4, 2]
    assert batches == [4, 1, 1, 1, 1]
    assert stage.log[-2:] == ["seek", "seek"]
    told = [news.seq for news in heard if news.room_id == stage.room_id]
    assert told == [2, 3, 4], "nothing is published that was rolled back"


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (OperationalError("the connection is lost"), Code.UNAVAILABLE),
        (InterfaceError("the connection is closed"), Code.UNAVAILABLE),
        (DataError("too long"), Code.SERVER_ERROR),
        (IntegrityError("twice"), Code.SERVER_ERROR),
        (ZeroDivisionError("a bug"), Code.SERVER_ERROR),
    ],
)
def test_only_connection_timeout_and_deadlock_errors_answer_unavailable(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: Code
) -> None:
    def fail(jobs: Any) -> Any:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(execute, "travel", fail)
        refused = refusal(seek(stage, 1.0))
    assert refused.code is code
    assert refused.retryable is (code is Code.UNAVAILABLE)
    assert stage.seek(2).room.seq == 2, "and the next one is obeyed"


def test_the_order_within_a_room_is_kept_when_a_batch_is_taken_apart(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room is locked when the first of its commands is tried, and free at the second."""
    travel, other = execute.travel, open_room()
    tries: list[int] = []

    def locked_at_first(jobs: Any) -> Any:
        tries.append(len(jobs))
        batch, answers = travel(jobs) if len(tries) > 2 else (execute.Batch(), {})
        if len(tries) == 1:
            raise DataError("somebody's fault")
        return batch, answers

    monkeypatch.setattr(execute, "travel", locked_at_first)
    with writer_held():
        futures = [seek(stage, 1.0), seek(other, 5.0), seek(stage, 2.0)]
    assert [answer(future).room.seq for future in futures] == [2, 2, 3]
    assert [row.data["position"] for row in stage.rows[1:]] == [1, 2]


def test_news_come_before_the_answer_and_only_after_the_commit(
    stage: Stage, heard: list[News]
) -> None:
    tab = stage.enter(stage.alice)
    heard.clear()
    stage.give(c.Play(3.0), stage.alice.at(tab))
    [news] = heard
    assert (news.room_id, news.seq, news.type, news.origin) == (stage.room_id, 3, "play", tab)
    assert stage.rows[-1].seq == 3


def test_who_listens_no_more_fails_nobody(stage: Stage) -> None:
    def gone(told: list[News], crowded_out: dict[UUID, list[UUID]]) -> None:
        raise RuntimeError("the event loop is closed")

    execute.on_commit(gone)
    try:
        assert stage.seek(1).room.seq == 2
    finally:
        execute.off_commit(gone)


def test_a_chore_is_done_in_the_writers_thread_and_answered() -> None:
    assert answer(submit_chore(lambda: threading.current_thread().name)) == "writer"


def test_a_chore_that_fails_fails_alone(stage: Stage) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with writer_held():
        chore, command = submit_chore(fail), seek(stage, 1.0)
    assert refusal(chore).code is Code.SERVER_ERROR
    assert answer(command).room.seq == 2


def test_an_answer_comes_in_time_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "ANSWER_WITHIN", 0.05)
    started = time.monotonic()
    assert refusal(Future()).code is Code.UNAVAILABLE
    assert time.monotonic() - started < 2


async def test_an_answer_comes_in_time_in_an_event_loop_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(execute, "ANSWER_WITHIN", 0.05)
    with pytest.raises(Refused) as caught:
        await answered(Future())
    assert caught.value.code is Code.UNAVAILABLE


async def test_who_waits_may_go_and_the_command_is_done_all_the_same(stage: Stage) -> None:
    future: Future[Any] = Future()
    waiting = asyncio.create_task(answered(future))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not future.cancelled()
    future.set_result("done")
    assert await answered(future) == "done"
