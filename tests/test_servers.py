"""The servers that the tests stand on start, answer, come back and are gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Postgres, everybody_may_enter, find_postgres, packaged_postgres
from tests.process import DiedError, Process, ServerProcess
from tests.valkey import Valkey, find_valkey, packaged_valkey

every_postgres = pytest.mark.parametrize("find", [find_postgres, packaged_postgres])
every_valkey = pytest.mark.parametrize("find", [find_valkey, packaged_valkey])


class Broken(Process):
    """A program that says why it cannot go on, and ends."""

    def command(self) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('the disk is full')"]

    def is_ready(self) -> bool:
        return False


class Asleep(Process):
    """A program that is ready at once, and waits."""

    def command(self) -> list[str]:
        return [sys.executable, "-c", "import signal; signal.pause()"]

    def is_ready(self) -> bool:
        return True


def test_the_log_of_a_process_that_dies_at_its_start_is_shown() -> None:
    with pytest.raises(DiedError, match="the disk is full"), Broken("broken"):
        pass


def test_a_process_that_died_by_itself_is_told_when_it_is_stopped() -> None:
    with Asleep("asleep") as asleep:
        os.kill(asleep.pid, signal.SIGKILL)
        os.waitid(os.P_PID, asleep.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(DiedError, match="asleep died by itself"):
            asleep.stop()


def test_a_killed_process_may_be_started_again_and_leaves_no_folder() -> None:
    with Asleep("asleep") as asleep:
        first = asleep.pid
        asleep.kill()
        assert not asleep.is_running
        asleep.start()
        assert asleep.is_running
        assert asleep.pid != first
    assert not asleep.is_running
    assert not asleep.folder.exists()


@pytest.mark.servers
@every_postgres
def test_postgres_answers_keeps_its_data_and_is_gone_after_stop(find: Callable[[], Path]) -> None:
    with Postgres(find()) as postgres:
        postgres.execute("CREATE TABLE films (title text)", "INSERT INTO films VALUES ('Alien')")
        postgres.restart()
        assert _films(postgres) == [("Alien",)]
        postgres.kill()
        postgres.start()
        assert _films(postgres) == [("Alien",)]
    assert not postgres.is_ready()
    assert not postgres.folder.exists()


@pytest.mark.servers
def test_postgres_lets_nobody_in_without_the_password() -> None:
    with Postgres() as postgres:
        environment = postgres.environment()
        login = {"user": environment["DB_USER"], "password": environment["DB_PASSWORD"]}
        postgres.connect(environment["DB_NAME"], **login).close()
        with pytest.raises(psycopg.OperationalError, match="password"):
            postgres.connect(environment["DB_NAME"], **(login | {"password": "wrong"}))


@pytest.mark.servers
def test_postgres_of_a_private_folder_runs_and_for_root_from_a_copy(tmp_path: Path) -> None:
    package = packaged_postgres().parents[1]
    private = tmp_path / "private"
    shutil.copytree(package, private / package.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, private / libraries.name, symlinks=True)
    private.chmod(stat.S_IRWXU)
    binaries = private / packaged_postgres().relative_to(package.parent)
    assert not everybody_may_enter(binaries)
    with Postgres(binaries) as postgres:
        is_copied = postgres.folder in postgres.binaries.parents
        assert is_copied == (os.geteuid() == 0)
        assert postgres.is_ready()


@pytest.mark.servers
@every_valkey
def test_valkey_answers_comes_back_empty_and_is_gone_after_stop(find: Callable[[], Path]) -> None:
    with Valkey(find()) as valkey, Valkey(find()) as other:
        assert valkey.ask("SET film Alien") == "+OK"
        assert other.ask("EXISTS film") == ":0"
        valkey.restart()
        assert valkey.ask("EXISTS film") == ":0"
        valkey.kill()
        assert not valkey.is_ready()
        assert other.is_ready()
    assert not other.is_ready()
    assert not valkey.folder.exists()


@pytest.mark.servers
def test_this_run_stands_on_its_own_postgres_and_valkey(postgres: Postgres, valkey: Valkey) -> None:
    assert postgres.is_ready()
    assert valkey.is_ready()
    assert os.environ["DB_PORT"] == str(postgres.port)
    assert os.environ["REDIS_URL"] == valkey.url


def test_a_server_that_cannot_start_shows_why() -> None:
    nonsense = ServerProcess(env={"DB_PORT": "nonsense", "DB_NAME": "x", "DB_USER": "x"})
    with pytest.raises(DiedError, match="DB_PORT"), nonsense:
        pass


def _films(postgres: Postgres) -> list[tuple[str]]:
    with postgres.connect() as connection:
        return connection.execute("SELECT title FROM films").fetchall()
