"""What these tests kill is their own: nobody else's database or channel layer may notice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import StartServer
from tests.postgres import Postgres
from tests.process import ROOT, ServerProcess


@pytest.fixture(scope="session")
def is_long(pytestconfig: pytest.Config) -> bool:
    """Whether there is time for the long forms (`make soak`)."""
    return bool(pytestconfig.getoption("--soak"))


@pytest.fixture
def pair(start_server: StartServer) -> list[ServerProcess]:
    """Two server processes, on this run's PostgreSQL and Valkey."""
    return [start_server(), start_server()]


@pytest.fixture(scope="session")
def database() -> Iterator[Postgres]:
    """A PostgreSQL to be restarted, with the tables in it."""
    with Postgres() as postgres:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        environment = {**os.environ, **postgres.environment()}
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        yield postgres
