"""The writer: one thread, one batch at a time, and an answer for everybody whatever happens."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Container, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.rooms import writer as module
from syncplay_backend.rooms.models import Room
from syncplay_backend.rooms.writer import BATCH, Job, Writer
from tests.process import ROOT
from tests.services.stage import until


class Office:
    """A writer whose commit a test watches, holds up, and lets fail."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.threads: set[int] = set()
        self.open = threading.Event()
        self.open.set()
        self.trouble: Exception | None = None
        self.busy: Container[Any] = set()
        self.writer: Writer[Any] = Writer(self._commit)

    def _commit(self, jobs: list[Job[Any]]) -> list[Job[Any]]:
        self.batches.append([job.work for job in jobs])
        self.threads.add(threading.get_ident())
        self.open.wait(20)
        if self.trouble:
            raise self.trouble
        put_off = [job for job in jobs if job.work in self.busy]
        for job in jobs:
            if job.work not in self.busy:
                job.answer(f"{job.work} done")
        return put_off

    def hold(self) -> Future[Any]:
        """Have the writer busy with a first job until `open` is set."""
        self.open.clear()
        first = self.writer.submit("first")
        until(lambda: self.batches and not self.writer._jobs)
        return first


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.open.set()
    office.busy = set()
    office.writer.drain()


def refusal(future: Future[Any], within: float = 5) -> Code:
    failure = future.exception(within)
    assert isinstance(failure, Refused), failure
    assert failure.retryable
    return failure.code


def test_work_is_done_and_answered_in_a_thread_of_its_own(office: Office) -> None:
    assert office.writer.submit("a").result(5) == "a done"
    assert office.threads.isdisjoint({threading.get_ident()})


def test_while_one_batch_is_committed_the_next_one_gathers(office: Office) -> None:
    first = office.hold()
    others = [office.writer.submit(number) for number in range(20)]
    office.open.set()
    assert [future.result(5) for future in [first, *others]]
    assert office.batches == [["first"], list(range(20))]
    assert len(office.threads) == 1


def test_a_batch_is_bounded(office: Office) -> None:
    office.hold()
    futures = [office.writer.submit(number) for number in range(2 * BATCH + 1)]
    office.open.set()
    assert futures[-1].result(5)
    assert [len(batch) for batch in office.batches] == [1, BATCH, BATCH, 1]
    assert [work for batch in office.batches[1:] for work in batch] == list(range(2 * BATCH + 1))


def test_it_survives_an_exception_in_commit(office: Office) -> None:
    office.trouble = ZeroDivisionError("nobody thought of this")
    assert refusal(office.writer.submit("a")) is Code.UNAVAILABLE
    office.trouble = None
    assert office.writer.submit("b").result(5) == "b done"
    assert len(office.threads) == 1


def test_it_starts_again_should_its_thread_be_gone(office: Office) -> None:
    office.writer.submit("a").result(5)
    office.writer.drain()
    office.writer._stopping = False
    assert office.writer.submit("b").result(5) == "b done"


def test_a_full_queue_answers_unavailable_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUEUE", 3)
    office.hold()
    waiting = [office.writer.submit(number) for number in range(3)]
    too_many = office.writer.submit("one too many")
    assert too_many.done()
    assert refusal(too_many) is Code.UNAVAILABLE
    office.open.set()
    assert [future.result(5) for future in waiting] == ["0 done", "1 done", "2 done"]


def test_a_stuck_queue_answers_unavailable_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hold()
    waiting = office.writer.submit("a")
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    until(lambda: office.writer._jobs[0].age > 0)
    too_late = office.writer.submit("b")
    assert too_late.done()
    assert refusal(too_late) is Code.UNAVAILABLE
    office.open.set()
    assert waiting.result(5) == "a done"
    assert until(lambda: office.writer.submit("c")).result(5) == "c done"


def test_what_is_put_off_comes_back_at_the_head_of_a_later_batch(office: Office) -> None:
    office.busy = {"locked"}
    waiting = office.writer.submit("locked")
    until(lambda: len(office.batches) > 1)
    office.open.clear()
    office.writer.submit("fresh")
    until(lambda: "fresh" in office.batches[-1])
    assert office.batches[-1] == ["locked", "fresh"]
    office.busy = set()
    office.open.set()
    assert waiting.result(5) == "locked done"


def test_what_is_put_off_is_given_up_after_a_while(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_PATIENCE", 0.1)
    office.busy = {"locked"}
    started = time.monotonic()
    assert refusal(office.writer.submit("locked")) is Code.UNAVAILABLE
    assert 0.1 <= time.monotonic() - started < 2


def test_a_locked_room_with_many_commands_delays_nobody_else(office: Office) -> None:
    office.busy = set(range(2 * BATCH))
    waiting = [office.writer.submit(number) for number in range(2 * BATCH)]
    started = time.monotonic()
    assert office.writer.submit("another room").result(5) == "another room done"
    assert time.monotonic() - started < module.BUSY_PATIENCE / 2
    assert not any(future.done() for future in waiting)
    office.busy = set()
    assert waiting[-1].result(5)


class Everything:
    """Every room is locked."""

    def __contains__(self, work: object) -> bool:
        return True


def test_what_is_put_off_counts_as_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE", 3)
    office.busy = Everything()
    waiting = [office.writer.submit(number) for number in range(3)]
    until(lambda: office.batches and 2 in office.batches[-1])
    refused = until(lambda: (extra := office.writer.submit("more")).done() and extra, within=1)
    assert refusal(refused) is Code.UNAVAILABLE
    office.busy = set()
    assert all(future.result(5) for future in waiting)


def test_it_empties_its_queue_before_it_stops_and_takes_nothing_more(office: Office) -> None:
    office.hold()
    waiting = [office.writer.submit(number) for number in range(BATCH + 5)]
    stopping = threading.Thread(target=office.writer.drain)
    stopping.start()
    until(lambda: office.writer._stopping)
    assert refusal(office.writer.submit("too late")) is Code.UNAVAILABLE
    office.open.set()
    stopping.join(10)
    assert all(future.done() and future.result() for future in waiting)


def test_an_answer_is_given_once() -> None:
    job: Job[str] = Job("a")
    job.answer(1)
    job.refuse(ValueError())
    job.answer(2)
    assert job.future.result() == 1


def test_a_writer_that_never_worked_stops_at_once(office: Office) -> None:
    office.writer.drain()
    assert office.threads == set()


def run(script: str) -> str:
    """The output of a Python of its own, with this leg's database."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", PRELUDE + script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


PRELUDE = """
import os, threading, django
os.environ["DJANGO_SETTINGS_MODULE"] = "syncplay_backend.settings"
django.setup()
from tests.services.stage import founding, open_room
from syncplay_backend.services import execute
from syncplay_backend.domain import commands as c
"""


def test_it_drains_at_exit() -> None:
    told = run("""
stage = open_room()
print(stage.room_id)
for position in range(300):
    execute.submit(stage.room_id, c.Seek(float(position)), stage.alice.actor)
""")
    assert seq_of(told.strip()) == 301


def test_a_forked_child_has_its_own_thread_and_connection_and_none_of_its_parents_jobs() -> None:
    told = run("""
stage = open_room()
parent = execute._writer._thread.ident
child = os.fork()
if not child:
    assert execute._writer._thread is None and not execute._writer._jobs
    stage.seek(5)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
stage.seek(6)
print(stage.room_id)
""")
    assert seq_of(told.strip()) == 3


def seq_of(room_id: str) -> int:
    return Room.objects.get(id=room_id).seq
