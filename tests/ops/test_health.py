"""GET /api/health/."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syncplay_backend import __version__
from syncplay_backend.services import health
from tests.conftest import StartServer
from tests.ops.command_line import manage, python
from tests.peer import Answer, Rest
from tests.postgres import Postgres
from tests.process import ROOT, ServerProcess
from tests.valkey import Valkey

HEALTH = "/api/health/"
FINE = {"database": "ok", "channel_layer": "ok"}
LATE = health.LIMIT + 1.5  # seconds: the limit, and what a busy machine needs to answer


def test_it_is_healthy(any_server: ServerProcess) -> None:
    status, headers, body = Rest(any_server).get(HEALTH)
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert body.keys() == {"status", "version", "timestamp", "checks"}
    assert body["status"] == "healthy"
    assert body["version"] == __version__
    assert body["checks"] == FINE
    at = datetime.fromisoformat(body["timestamp"])
    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(seconds=10)


def test_the_version_is_the_project_s() -> None:
    assert f'\nversion = "{__version__}"\n' in (ROOT / "pyproject.toml").read_text()


def test_head_will_do(server: ServerProcess) -> None:
    status, _, body = Rest(server).ask("HEAD", HEALTH)
    assert (status, body) == (200, "")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_it_can_only_be_read(server: ServerProcess, method: str) -> None:
    status, headers, body = Rest(server).ask(method, HEALTH, {})
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"
    assert (body["status"], body["code"]) == ("error", "method_not_allowed")


def unhealthy(server: ServerProcess) -> Answer:
    """What it answers, within its limit."""
    asked = time.monotonic()
    answer = Rest(server).get(HEALTH)
    assert time.monotonic() - asked < LATE
    assert answer.status == 503
    assert answer.body["status"] == "unhealthy"
    return answer


def wait_until_healthy(server: ServerProcess) -> None:
    deadline = time.monotonic() + 20
    while Rest(server).get(HEALTH).status != 200:
        assert time.monotonic() < deadline, "it does not recover"
        time.sleep(0.1)


@pytest.mark.servers
def test_without_the_channel_layer_it_is_unhealthy_until_that_is_back(
    start_server: StartServer,
) -> None:
    with Valkey() as valkey:
        server = start_server(env={"REDIS_URL": valkey.url})
        valkey.stop()
        checks = unhealthy(server).body["checks"]
        assert checks == {"database": "ok", "channel_layer": "failed"}
        valkey.start()
        wait_until_healthy(server)


@pytest.mark.servers
def test_without_the_database_it_is_unhealthy_until_that_is_back(
    start_server: StartServer, tmp_path: Path
) -> None:
    with Postgres() as postgres:
        env = postgres.environment()
        assert manage(tmp_path, "migrate", env=env).returncode == 0
        server = start_server(env=env)
        postgres.stop()
        answer = unhealthy(server)
        assert answer.body["checks"] == {"database": "failed", "channel_layer": "ok"}
        told = str(answer.body)
        assert not [secret for secret in (env["DB_USER"], env["DB_PASSWORD"]) if secret in told]
        postgres.start()
        wait_until_healthy(server)


def test_a_database_without_tables_is_not_healthy(tmp_path: Path) -> None:
    """Such as an SQLite file that was lost, and made anew and empty by the next connection."""
    ask = (
        "import asyncio, django; django.setup()\n"
        "from syncplay_backend.services.health import check\n"
        "print(asyncio.run(check()))"
    )
    assert "{'database': False, 'channel_layer': True}" in python(tmp_path, ask).stdout


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    async def echo() -> None: ...

    monkeypatch.setattr(health, "LIMIT", 0.2)
    monkeypatch.setattr(health, "_ask_channel_layer", echo)


@pytest.fixture
def hang(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A database that answers nobody until it is let."""
    asked: list[str] = []
    may_answer = threading.Event()

    def select() -> None:
        asked.append(threading.current_thread().name)
        may_answer.wait(30)

    monkeypatch.setattr(health, "_select", select)
    yield asked, may_answer.set
    may_answer.set()


async def test_checks_that_hang_do_not_pile_up(
    quick: None, hang: tuple[list[str], Callable[[], None]]
) -> None:
    asked, let_it_answer = hang
    for _ in range(3):
        answers = await asyncio.gather(*(health.check() for _ in range(20)))
        assert not any(answer["database"] for answer in answers)
    assert len(asked) == 1
    let_it_answer()
    while not (await health.check())["database"]:
        pass


async def test_a_channel_layer_that_loses_messages_is_not_healthy(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "_ask_channel_layer", lost)
    assert (await health.check())["channel_layer"] is False
