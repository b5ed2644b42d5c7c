"""Many rows in one statement, written out by hand: the few that every command needs.

Django's own `bulk_create` spends more on making each row than the database does on taking it.
SQLite gets `executemany`, which is a loop in C; PostgreSQL one array a column (`unnest`), so that
the statement is the same for one row and for 256 and is prepared once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db import connection, models

Row = tuple[Any, ...]


@cache
def is_postgresql() -> bool:
    """Asked for every value that is written, and the same for the whole life of a process."""
    return connection.vendor == "postgresql"


def adapted(id: UUID) -> UUID | str:
    """An id as the database at hand keeps it."""
    return id if is_postgresql() else id.hex


def read_id(kept: UUID | str) -> UUID:
    return kept if isinstance(kept, UUID) else UUID(kept)


def instant(at: int) -> datetime | str:
    """An instant (ms) as the database at hand keeps it: SQLite has no type for it but text."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment if is_postgresql() else str(moment.replace(tzinfo=None))


class Table:
    """Some columns of a model's table, `key` first: rows are tuples of values as the database
    keeps them (`adapted`, `instant`; JSON as text)."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self._model = model
        self._columns = columns
        self._name = f'"{model._meta.db_table}"'

    def insert(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        columns = ", ".join(self._columns)
        if is_postgresql():
            self._run(f"INSERT INTO {self._name} ({columns}) SELECT * FROM {self._arrays}", rows)
        else:
            marks = ", ".join(["%s"] * len(self._columns))
            self._run(f"INSERT INTO {self._name} ({columns}) VALUES ({marks})", rows)

    def update(self, rows: Sequence[Row]) -> None:
        """Set the other columns of the rows that have these keys."""
        if not rows:
            return
        key, *others = self._columns
        if is_postgresql():
            new = ", ".join(f"{column} = new.{column}" for column in others)
            source = f"{self._arrays} AS new ({', '.join(self._columns)})"
            where = f"{self._name}.{key} = new.{key}"
            self._run(f"UPDATE {self._name} SET {new} FROM {source} WHERE {where}", rows)
        else:
            new = ", ".join(f"{column} = %s" for column in others)
            moved = [(*row[1:], row[0]) for row in rows]
            self._run(f"UPDATE {self._name} SET {new} WHERE {key} = %s", moved)

    @cached_property
    def _arrays(self) -> str:
        return f"unnest({', '.join(f'%s::{kind}[]' for kind in self._kinds())})"

    def _kinds(self) -> list[str]:
        """Without their lengths: a cast to `varchar(80)` cuts what is longer, and says nothing."""
        fields = {field.column: field for field in self._model._meta.concrete_fields}
        return [str(fields[column].db_type(connection)).split("(")[0] for column in self._columns]

    def _run(self, statement: str, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            if is_postgresql():
                cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
            else:
                cursor.executemany(statement, rows)


def placeholders(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
