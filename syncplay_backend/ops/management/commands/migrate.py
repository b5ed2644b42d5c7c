"""Django's `migrate`, which knows what to do about a right that PostgreSQL 15 no longer gives."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import MigrationSchemaMissing

INSUFFICIENT_PRIVILEGE = "42501"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options.get("database") or DEFAULT_DB_ALIAS]
        lift_timeouts(connection)
        try:
            super().handle(*args, **options)
        except (ProgrammingError, MigrationSchemaMissing) as error:
            if not is_missing_right(error):
                raise
            raise CommandError(remedy(connection.settings_dict)) from error


def lift_timeouts(connection: BaseDatabaseWrapper) -> None:
    """A migration may take longer than a command of a room may."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")


def is_missing_right(error: BaseException | None) -> bool:
    """Whether PostgreSQL said so anywhere down the chain: Django wraps what it raises, twice."""
    while error is not None:
        if getattr(error, "sqlstate", None) == INSUFFICIENT_PRIVILEGE:
            return True
        error = error.__cause__ or error.__context__
    return False


def remedy(database: dict[str, Any]) -> str:
    name, user = database["NAME"], database["USER"]
    return (
        f'The user "{user}" may not make tables in the database "{name}" '
        "(PostgreSQL 15 and newer grant that to the owner only).\n"
        "As PostgreSQL's administrator (sudo -u postgres psql) say:\n\n"
        f"    ALTER DATABASE {quoted(name)} OWNER TO {quoted(user)};\n\n"
        "and run this again."
    )


def quoted(name: str) -> str:
    """The name as SQL wants it: bare where that means the same."""
    plain = name.isascii() and name.isidentifier() and name == name.lower()
    return name if plain else '"' + name.replace('"', '""') + '"'
