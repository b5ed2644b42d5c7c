"""The road on PostgreSQL: locks of others, lost connections, lost races."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import pytest
from django.db import connection, transaction

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Name
from syncplay_backend.rooms.models import Room, User
from syncplay_backend.rooms.writer import BUSY_PATIENCE, Job
from syncplay_backend.services import execute
from syncplay_backend.services.execute import answer, submit, submit_chore
from syncplay_backend.services.road import Order, travel
from tests.postgres import Postgres
from tests.services.stage import Stage, at_once, joining, open_room, until

pytestmark = pytest.mark.servers


@pytest.fixture
def stage() -> Stage:
    return open_room()


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """Somebody else has the room."""
    with transaction.atomic():
        Room.objects.select_for_update().get(id=stage.room_id)
        yield


def seek(stage: Stage, position: float) -> Any:
    return submit(stage.room_id, c.Seek(position), stage.alice.actor)


def code_of(future: Any) -> Code:
    with pytest.raises(Refused) as caught:
        answer(future)
    return caught.value.code


def test_a_locked_room_delays_only_its_own_commands_and_keeps_their_order(stage: Stage) -> None:
    other = open_room()
    with locked(stage):
        waiting = [seek(stage, float(n)) for n in range(5)]
        started = time.monotonic()
        for n in range(20):
            other.seek(n)
        assert time.monotonic() - started < 1
        waiting += [seek(stage, float(n)) for n in range(5, 10)]
        assert not any(future.done() for future in waiting)
    assert [answer(future).room.seq for future in waiting] == list(range(2, 12))
    assert [row.data["position"] for row in stage.rows[1:]] == list(range(10))


def test_a_room_that_stays_locked_is_unavailable_after_two_seconds(stage: Stage) -> None:
    started = time.monotonic()
    with locked(stage):
        assert code_of(seek(stage, 1.0)) is Code.UNAVAILABLE
    assert BUSY_PATIENCE <= time.monotonic() - started < BUSY_PATIENCE + 1.5
    assert stage.seek(2).room.seq == 2


def test_members_are_read_after_the_lock(stage: Stage) -> None:
    """Bob leaves, and another takes his name, while a command of his waits for the lock."""
    bob = stage.join("Bob")
    with locked(stage):
        waiting = submit(stage.room_id, c.UsePlace(), bob.actor)
        joining_bob = submit(stage.room_id, joining("Bob"))
        until(lambda: execute._writer._put_off or not execute._writer._jobs)
        User.objects.filter(id=bob.id).delete()
        stage.change_elsewhere()
    assert code_of(waiting) is Code.UNKNOWN_USER
    assert answer(joining_bob).events[0].member.name == "Bob"


def backend() -> int:
    """The PostgreSQL process at the other end of this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def terminate(postgres: Postgres, which: LiteralString) -> None:
    """It takes a moment: until then a dying connection still answers."""
    with postgres.connect() as operator:
        found = f"SELECT pid FROM pg_stat_activity WHERE datname = 'syncplay_test' AND {which}"
        dying = [pid for (pid,) in operator.execute(found).fetchall()]
        operator.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [dying])
        left = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)"
        until(lambda: operator.execute(left, [dying]).fetchone() == (0,))


def test_a_connection_that_died_is_replaced(stage: Stage, postgres: Postgres) -> None:
    before = answer(submit_chore(backend))
    terminate(postgres, f"pid = {before}")  # type: ignore[arg-type]
    assert stage.seek(1).room.seq == 2
    assert answer(submit_chore(backend)) != before


def test_after_all_connections_died_the_next_command_is_obeyed(
    stage: Stage, postgres: Postgres
) -> None:
    connection.close()
    terminate(postgres, "true")
    assert stage.seek(1).room.seq == 2


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """SQL states that PostgreSQL answers the next transactions with."""
    states: list[str] = []

    def troubled(jobs: Any) -> Any:
        if states:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{states.pop(0)}'; END $$"
                )
        return travel(jobs)

    monkeypatch.setattr(execute, "travel", troubled)
    return states


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_serialization_failure_and_a_deadlock_are_retried_once(
    stage: Stage, trouble: list[str], state: str
) -> None:
    trouble += [state]
    assert answer(seek(stage, 1.0)).room.seq == 2
    trouble += [state, state]
    assert code_of(seek(stage, 2.0)) is Code.UNAVAILABLE
    assert answer(seek(stage, 3.0)).room.seq == 3


@pytest.mark.parametrize("state", ["55P03", "57014"])
def test_a_lock_or_statement_that_took_too_long_is_unavailable(
    stage: Stage, trouble: list[str], state: str
) -> None:
    trouble += [state]
    assert code_of(seek(stage, 1.0)) is Code.UNAVAILABLE
    assert trouble == [], "and it is not tried again"


def test_what_does_not_fit_is_its_own_fault(stage: Stage) -> None:
    command = joining("Bob")
    too_long = c.Join(
        member_id=command.member_id, key=command.key, name=Name("B" * 500), address=""
    )
    assert code_of(submit(stage.room_id, too_long)) is Code.SERVER_ERROR
    assert stage.seek(1).room.seq == 2


def test_locks_in_one_order_two_processes_with_opposite_orders_do_not_deadlock() -> None:
    """Each thread here is what the writer of a process is."""
    stages = [open_room() for _ in range(6)]
    people = [[stage.join(name) for name in ("Bob", "Charlie")] for stage in stages]

    def process(order: int) -> int:
        done = 0
        while done < 60:  # what the other one has locked is skipped, and answered later
            for who in (0, 1)[::order]:
                jobs = [
                    Job(Order(stage.room_id, command, people[n][who].actor))
                    for n, stage in list(enumerate(stages))[::order]
                    for command in (c.UsePlace(), c.Reenter(people[n][who].id, "x"))
                ]
                _, answers = travel(jobs)
                done += len(answers)
        return done

    forwards, backwards = at_once(lambda: process(1), lambda: process(-1))
    assert min(forwards, backwards) >= 60


def test_timeouts_are_set_below_what_an_answer_may_take() -> None:
    connection.close()  # `migrate` lifts them in the connection that it uses
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
        )
        assert cursor.fetchone() == ("2s", "5s")
    assert execute.ANSWER_WITHIN > 5
