"""The transaction of a batch, spoken to the driver itself.

Django's own costs as much as what is written in it: every statement passes through layers of
cursors, and on PostgreSQL `BEGIN`, each write and `COMMIT` are waited for one by one. Here a batch
is two round trips: `BEGIN` goes with the first question, and all that is written with `COMMIT`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Protocol

import psycopg
from django.db import Error, connection

from syncplay_backend.rooms.bulk import Question, Row, Write, is_postgresql


class Transaction(Protocol):
    def ask(self, *questions: Question) -> list[list[Row]]:
        """The rows that each statement finds, one after another; `%s` stands for a value."""

    def write(self, writes: Sequence[Write]) -> None:
        """In this order, and at the end at the latest: a write that fails may say so only then."""

    def commit(self) -> None: ...


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Commit what is done within, or nothing of it. Django's own writes do not belong here: they
    would open a transaction of theirs. What it reads is read in this one, once something was asked.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        database = connection.connection
        try:
            begun: Transaction = OnPostgresql(database) if is_postgresql() else OnSqlite(database)
            yield begun
            begun.commit()
        except BaseException:
            with suppress(Error):  # a connection that died has rolled back
                connection.rollback()
            raise


class OnSqlite:
    def __init__(self, database: Any) -> None:
        self._database = database
        database.execute("BEGIN IMMEDIATE")

    def ask(self, *questions: Question) -> list[list[Row]]:
        return [
            self._database.execute(_marked(statement), values).fetchall()
            for statement, values in questions
        ]

    def write(self, writes: Sequence[Write]) -> None:
        for statement, rows in writes:
            self._database.executemany(_marked(statement), rows)

    def commit(self) -> None:
        self._database.execute("COMMIT")


@cache
def _marked(statement: str) -> str:
    return statement.replace("%s", "?")


class OnPostgresql:
    """Several statements in one message, which PostgreSQL runs until one fails (its protocol's
    "simple query"). Values are quoted by the driver."""

    def __init__(self, database: "psycopg.Connection[Row]") -> None:
        self._database = database
        self._unsent = [Write("BEGIN", ())]

    def ask(self, *questions: Question) -> list[list[Row]]:
        return self._send(questions)

    def write(self, writes: Sequence[Write]) -> None:
        self._unsent += writes

    def commit(self) -> None:
        self._send([Write("COMMIT", ())])

    def _send(self, what: Sequence[Question | Write]) -> list[list[Row]]:
        """What waited, and this. The answers are of what was asked: the others have none."""
        statements, self._unsent = [*self._unsent, *what], []
        script = "; ".join(statement for statement, _ in statements)
        cursor = psycopg.ClientCursor(self._database)
        cursor.execute(script, [value for _, values in statements for value in values])
        return [result.fetchall() for result in cursor.results() if result.description]
