"""A pytest plugin (`-p tests.servers`): the environment of the tests and of the servers they start.

It acts before Django reads its settings. Every variable is set, empty where unset, so that neither
the shell nor a `.env` decides what a test sees. Plain `pytest` is the leg of SQLite and memory;
`pytest --servers` is the leg of PostgreSQL and Valkey, taken from TEST_DATABASE_URL and
TEST_REDIS_URL or started here.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.postgres import Postgres, given_environment
from tests.process import DiedError, Process, UnavailableError
from tests.valkey import Valkey

# Tests that ask for one of these belong to the leg of servers alone.
SERVER_FIXTURES = {"postgres", "valkey", "two_servers"}


@dataclass
class Leg:
    """One run of the tests: where its data lies, and what it started for it."""

    folder: Path
    with_servers: bool = False
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    missing: str = ""
    told: list[str] = field(default_factory=list)

    def processes(self) -> list[Process]:
        return [process for process in (self.valkey, self.postgres) if process]


LEG = pytest.StashKey[Leg]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("syncplay")
    group.addoption(
        "--servers",
        action="store_true",
        help="run on a real PostgreSQL and Valkey, not on SQLite and memory",
    )
    group.addoption("--soak", action="store_true", help="run the long forms of tests")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    early_config.addinivalue_line("markers", "servers: only in the leg of PostgreSQL and Valkey")
    early_config.addinivalue_line("markers", "long: only with --soak")
    _refuse_settings_of_somebody_else()
    options = early_config.known_args_namespace
    leg = Leg(Path(tempfile.mkdtemp(prefix="syncplay-tests-")), with_servers=options.servers)
    early_config.stash[LEG] = leg
    atexit.register(_clean_up, leg)
    if threading.current_thread() is threading.main_thread():
        # Ended from outside (`timeout`, a CI job) as by Ctrl-C: nothing is left behind.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.update(plain_environment(leg.folder))
    if leg.with_servers and not options.help:
        _start_or_skip(leg)


def plain_environment(folder: Path) -> dict[str, str]:
    """Every variable that the settings read, for SQLite in `folder` and memory."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "True",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "DB_NAME": "",
        "DB_USER": "",
        "DB_PASSWORD": "",
        "DB_HOST": "",
        "DB_PORT": "",
        "REDIS_URL": "",
        "SQLITE_PATH": str(folder / "test.sqlite3"),
        "LOG_FILE": str(folder / "syncplay.log"),
        "LOG_LEVEL": "INFO",
        "CORS_ALLOWED_ORIGINS": "",
        "CSRF_TRUSTED_ORIGINS": "",
        "TRUSTED_PROXIES": "",
        "RATE_LIMITS": "off",
    }


def pytest_report_header(config: pytest.Config) -> list[str]:
    leg = config.stash[LEG]
    if leg.missing:
        return [f"servers: SKIPPED, {leg.missing}"]
    return [f"servers: {', '.join(leg.told) or 'none (SQLite and memory)'}"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leg = config.stash[LEG]
    # Deselected, not skipped: another run has them, so nothing is left out.
    if not config.getoption("--soak"):
        _leave_to_others(config, items, lambda item: item.get_closest_marker("long") is not None)
    if leg.missing:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=leg.missing))
    elif not leg.with_servers:
        _leave_to_others(config, items, _needs_servers)


def _leave_to_others(
    config: pytest.Config, items: list[pytest.Item], is_theirs: Callable[[pytest.Item], bool]
) -> None:
    elsewhere = [item for item in items if is_theirs(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if not is_theirs(item)]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if leg := config.stash.get(LEG, None):
        _clean_up(leg)


def _refuse_settings_of_somebody_else() -> None:
    settings = sys.modules.get("django.conf")
    if settings is not None and settings.settings.configured:
        raise pytest.UsageError(
            "Django's settings were read before the tests could set their environment: "
            "they would run on your own database. Start pytest as a process of its own."
        )


def _start_or_skip(leg: Leg) -> None:
    try:
        os.environ.update(_database(leg) | _channel_layer(leg))
    except UnavailableError as reason:
        _stop(leg)
        if os.environ.get("REQUIRE_ALL"):
            raise pytest.UsageError(f"REQUIRE_ALL is set, but: {reason}") from reason
        leg.missing = str(reason)
    except DiedError as story:
        _stop(leg)
        raise pytest.UsageError(str(story)) from story


def _database(leg: Leg) -> dict[str, str]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        leg.told.append("PostgreSQL of TEST_DATABASE_URL")
        return given_environment(url)
    leg.postgres = Postgres()
    leg.postgres.start()
    leg.told.append(f"PostgreSQL from {leg.postgres.binaries}")
    return leg.postgres.environment()


def _channel_layer(leg: Leg) -> dict[str, str]:
    if url := os.environ.get("TEST_REDIS_URL"):
        leg.told.append("Valkey of TEST_REDIS_URL")
        return {"REDIS_URL": url}
    leg.valkey = Valkey()
    leg.valkey.start()
    leg.told.append(f"Valkey from {leg.valkey.binary}")
    return {"REDIS_URL": leg.valkey.url}


def _needs_servers(item: pytest.Item) -> bool:
    wanted = SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(wanted) or item.get_closest_marker("servers") is not None


def _stop(leg: Leg) -> None:
    for process in leg.processes():
        try:
            process.stop()
        except DiedError as story:
            sys.stderr.write(f"\n{story}\n")
        finally:
            process.remove()
    leg.postgres = leg.valkey = None


def _clean_up(leg: Leg) -> None:
    _stop(leg)
    shutil.rmtree(leg.folder, ignore_errors=True)
    atexit.unregister(_clean_up)
