"""Many rows in one statement, written out by hand: the few that every command needs.

Django's own `bulk_create` spends more on making each row than the database does on taking it.
SQLite is given rows for its `executemany`, which is a loop in C; PostgreSQL all rows as one JSON
document, which costs a quarter of what an array a column does, and leaves the statement the same
for one row and for 256.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, models

Row = tuple[Any, ...]
_to_json = msgspec.json.Encoder()


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


def document(value: object) -> msgspec.Raw | str:
    """JSON as it is written in the row: a part of the rows' own document, or text."""
    written = _to_json.encode(value)
    return msgspec.Raw(written) if is_postgresql() else written.decode()


def binary(value: bytes) -> bytes | str:
    return rf"\x{value.hex()}" if is_postgresql() else value


def among(values: Sequence[object]) -> str:
    """`IN`, with a place for each of them: `WHERE id {among(ids)}`."""
    return f"IN ({', '.join(['%s'] * len(values))})"


class Write(NamedTuple):
    """A statement without an answer, and what it writes: SQLite is given rows, to run it with
    each; PostgreSQL the values of the one time that it is run."""

    statement: str
    values: Sequence[Any]


class Question(NamedTuple):
    """A statement that is answered, and the values of its places."""

    statement: str
    values: Sequence[object]


class Table:
    """Some columns of a model's table, `key` first: rows are tuples of values as the database
    keeps them (`adapted`, `instant`, `document`, `binary`).
    What is to be written is a `Write`, or nothing, for a `transaction`."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self._model = model
        self._columns = columns
        self.name = f'"{model._meta.db_table}"'

    def insert(self, rows: Sequence[Row]) -> list[Write]:
        return self._written(self._insert, rows)

    def update(self, rows: Sequence[Row]) -> list[Write]:
        """Set the other columns of the rows that have these keys."""
        return self._written(self._update, rows if is_postgresql() else list(map(_key_last, rows)))

    def delete(self, rows: Sequence[Row]) -> list[Write]:
        """Those that have these keys; for a table of the key alone."""
        return self._written(self._delete, rows)

    def _written(self, statement: str, rows: Sequence[Row]) -> list[Write]:
        """Where there are no rows, nothing is."""
        if not rows:
            return []
        return [Write(statement, [self._as_json(rows)] if is_postgresql() else rows)]

    def _as_json(self, rows: Sequence[Row]) -> str:
        named = [dict(zip(self._columns, row, strict=True)) for row in rows]
        return _to_json.encode(named).decode()

    @cached_property
    def _insert(self) -> str:
        columns = ", ".join(self._columns)
        if is_postgresql():
            return f"INSERT INTO {self.name} ({columns}) SELECT {columns} FROM {self._new}"
        places = ", ".join(["%s"] * len(self._columns))
        return f"INSERT INTO {self.name} ({columns}) VALUES ({places})"

    @cached_property
    def _update(self) -> str:
        key, *others = self._columns
        if is_postgresql():
            values = ", ".join(f"{column} = new.{column}" for column in others)
            where = f"{self.name}.{key} = new.{key}"
            return f"UPDATE {self.name} SET {values} FROM {self._new} WHERE {where}"
        values = ", ".join(f"{column} = %s" for column in others)
        return f"UPDATE {self.name} SET {values} WHERE {key} = %s"

    @cached_property
    def _delete(self) -> str:
        (key,) = self._columns
        if is_postgresql():
            return f"DELETE FROM {self.name} USING {self._new} WHERE {self.name}.{key} = new.{key}"
        return f"DELETE FROM {self.name} WHERE {key} = %s"

    @property
    def _new(self) -> str:
        """The types are without their lengths: a cast to `varchar(80)` cuts what is longer, and
        says nothing."""
        fields = {field.column: field for field in self._model._meta.concrete_fields}
        kinds = [str(fields[column].db_type(connection)).split("(")[0] for column in self._columns]
        columns = ", ".join(map(" ".join, zip(self._columns, kinds, strict=True)))
        return f"json_to_recordset(%s::json) AS new({columns})"


def _key_last(row: Row) -> Row:
    return (*row[1:], row[0])
