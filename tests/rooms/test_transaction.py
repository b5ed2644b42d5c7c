"""A batch is committed whole or not at all, and what fails is told as Django would."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection

from syncplay_backend.rooms.bulk import Question, Table, adapted, among, is_postgresql
from syncplay_backend.rooms.models import Room, User
from syncplay_backend.rooms.transaction import transaction
from tests.services.stage import Stage, open_room

NAMES = Table(Room, "id", "name")
HOSTS = Table(User, "id", "is_host")
NAME = f'SELECT name FROM "{Room._meta.db_table}" WHERE id {among([1])}'


@pytest.fixture
def stage() -> Stage:
    return open_room()


def named(stage: Stage, name: str) -> list[tuple[object, ...]]:
    return [(adapted(stage.room_id), name)]


def asked(stage: Stage) -> Question:
    return Question(NAME, [adapted(stage.room_id)])


def test_what_is_written_is_there_afterwards(stage: Stage) -> None:
    with transaction() as begun:
        begun.write(NAMES.update(named(stage, "Another")))
    assert stage.row.name == "Another"


def test_what_was_written_is_found_within(stage: Stage) -> None:
    with transaction() as begun:
        begun.write(NAMES.update(named(stage, "Another")))
        assert begun.ask(asked(stage)) == [[("Another",)]]


def test_each_question_has_its_answer(stage: Stage) -> None:
    nobody = Question(NAME, [adapted(uuid4())])
    with transaction() as begun:
        begun.write(NAMES.update(named(stage, "Another")))
        assert begun.ask(nobody, asked(stage)) == [[], [("Another",)]]


def test_where_something_fails_nothing_is_written(stage: Stage) -> None:
    def fail() -> None:
        with transaction() as begun:
            begun.write(NAMES.update(named(stage, "Another")))
            begun.ask(asked(stage), asked(stage))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stage.row.name == "Movie Night"


def test_a_write_that_is_refused_takes_the_others_with_it(stage: Stage) -> None:
    bob = stage.join("Bob")
    two_hosts = HOSTS.update([(adapted(bob.id), True)])  # Alice is one

    def fail() -> None:
        with transaction() as begun:
            begun.write(NAMES.update(named(stage, "Another")))
            begun.write(two_hosts)
            begun.write(NAMES.update(named(stage, "A third")))

    with pytest.raises(IntegrityError):
        fail()
    assert stage.row.name == "Movie Night"
    with transaction() as begun:
        begun.write(NAMES.update(named(stage, "Another")))
    assert stage.row.name == "Another", "the connection is well"


@pytest.mark.parametrize("name", ["50 % off", "%s", "'; ROLLBACK; --", "\\'; COMMIT; --", "$1 ? ;"])
def test_what_somebody_is_called_is_no_statement(stage: Stage, name: str) -> None:
    with transaction() as begun:
        begun.write(NAMES.update(named(stage, name)))
        assert begun.ask(asked(stage)) == [[(name,)]]
    assert stage.row.name == name


@pytest.mark.servers
def test_a_batch_is_two_messages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    execute = psycopg.ClientCursor.execute

    def noting(cursor, query, *given, **how):  # type: ignore[no-untyped-def]
        sent.append(query)
        return execute(cursor, query, *given, **how)

    connection.ensure_connection()
    monkeypatch.setattr(psycopg.ClientCursor, "execute", noting)
    with transaction() as begun:
        begun.ask(asked(stage), asked(stage))
        begun.write(NAMES.update(named(stage, "Another")))
        begun.write(HOSTS.update([(adapted(stage.alice.id), True)]))
    assert len(sent) == 2
    assert sent[0].count("SELECT") == 2
    assert sent[0].startswith("BEGIN; SELECT")
    assert sent[1].endswith("; COMMIT")


@pytest.mark.servers
def test_a_connection_that_dies_says_so_and_another_one_is_made(stage: Stage) -> None:
    assert is_postgresql()

    def die() -> None:
        with transaction() as begun:
            begun.ask(Question("SELECT pg_terminate_backend(pg_backend_pid())", []))

    with pytest.raises(OperationalError):
        die()
    connection.close()
    with transaction() as begun:
        begun.write(NAMES.update(named(stage, "Another")))
    assert stage.row.name == "Another"
