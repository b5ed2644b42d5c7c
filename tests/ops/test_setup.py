"""`manage.py setup`, and what `migrate` says where a right is missing."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import ProgrammingError

from syncplay_backend.ops.management.commands import migrate
from tests.ops.command_line import PRODUCTION, Finished, manage
from tests.postgres import Postgres

SERVING = {**PRODUCTION, "ALLOWED_HOSTS": "localhost"}
LOGS_IN = (
    "from django.contrib.auth import authenticate as a; print(a(username='admin', password={!r}))"
)


def logs_in(folder: Path, password: str) -> bool:
    shown = manage(folder, "shell", "-v0", "-c", LOGS_IN.format(password))
    assert shown.returncode == 0, shown.stderr
    return shown.stdout.strip() == "admin"


def set_up(folder: Path, env: dict[str, str] | None = None) -> Finished:
    done = manage(folder, "setup", env=env)
    assert done.returncode == 0, done.stderr
    return done


def test_development_gets_the_admin_of_the_documentation_and_is_told(tmp_path: Path) -> None:
    assert "admin / admin123" in set_up(tmp_path).stdout
    assert logs_in(tmp_path, "admin123")


def test_production_gets_a_random_password_shown_once(tmp_path: Path) -> None:
    said = set_up(tmp_path, SERVING).stdout
    password = said.partition("admin / ")[2].split()[0]
    assert len(password) >= 20
    assert logs_in(tmp_path, password)
    assert not logs_in(tmp_path, "admin123")
    assert "admin /" not in set_up(tmp_path, SERVING).stdout
    assert logs_in(tmp_path, password)


def test_it_leaves_an_administrator_of_another_name_alone(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    alice = {"DJANGO_SUPERUSER_USERNAME": "alice", "DJANGO_SUPERUSER_PASSWORD": "a long one"}
    email = {"DJANGO_SUPERUSER_EMAIL": "alice@example.com"}
    manage(tmp_path, "createsuperuser", "--noinput", env={**alice, **email})
    assert "administrator" not in set_up(tmp_path).stdout
    assert not logs_in(tmp_path, "admin123")


def test_it_leaves_a_user_named_admin_alone(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    make = "from django.contrib.auth.models import User; User.objects.create_user('admin')"
    manage(tmp_path, "shell", "-c", make)
    assert "createsuperuser" in set_up(tmp_path).stderr
    assert not logs_in(tmp_path, "admin123")


@pytest.mark.parametrize("command", ["migrate", "setup"])
def test_a_missing_right_is_named_with_its_remedy(
    tmp_path: Path, postgres: Postgres, command: str
) -> None:
    name, user = f"poor_{command}", f"nobody_{command}"
    postgres.execute(
        f"CREATE USER {user} WITH PASSWORD 'pw'",
        f"CREATE DATABASE {name}",
        f"GRANT ALL PRIVILEGES ON DATABASE {name} TO {user}",
    )
    env = {**postgres.environment(), "DB_NAME": name, "DB_USER": user, "DB_PASSWORD": "pw"}
    refused = manage(tmp_path, command, env=env)
    assert refused.returncode == 1
    assert f"ALTER DATABASE {name} OWNER TO {user};" in refused.stderr
    assert "Traceback" not in refused.stderr

    postgres.execute(f"ALTER DATABASE {name} OWNER TO {user}")
    assert manage(tmp_path, command, env=env).returncode == 0


def test_names_that_sql_would_read_otherwise_are_quoted() -> None:
    said = migrate.remedy({"NAME": "Sync-Play", "USER": "alice"})
    assert 'ALTER DATABASE "Sync-Play" OWNER TO alice;' in said


def test_another_error_of_the_database_is_not_taken_for_a_missing_right() -> None:
    assert not migrate.is_missing_right(ProgrammingError("no such table"))
    assert issubclass(CommandError, Exception)
