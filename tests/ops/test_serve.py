"""`manage.py serve` before it serves; what it serves is tested where that is written."""

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from syncplay_backend.ops.management.commands import serve
from tests.ops.command_line import manage


@pytest.fixture
def started() -> Any:
    with mock.patch("uvicorn.run") as run:
        yield run


def test_it_starts_the_production_server(started: mock.Mock, capsys: Any) -> None:
    call_command("serve", "--host", "::1", "--port", "8123")
    (application,), options = started.call_args
    assert application == "syncplay_backend.asgi:application"
    assert (options["host"], options["port"], options["workers"]) == ("::1", 8123, 1)
    assert options["ws"] == "syncplay_backend.asgi:SyncPlayProtocol"
    assert options["ws_max_size"] == 1024 * 1024
    assert options["ws_per_message_deflate"] is False
    assert options["proxy_headers"] is False
    assert "http://[::1]:8123" in capsys.readouterr().out


def test_the_fast_parts_are_there() -> None:
    import httptools  # noqa: F401
    import uvloop  # noqa: F401


def test_several_workers_need_redis(started: mock.Mock, settings: Any) -> None:
    settings.REDIS_URL = ""
    with pytest.raises(CommandError, match="set REDIS_URL"):
        call_command("serve", "--workers", "2")
    started.assert_not_called()

    settings.REDIS_URL = "redis://localhost"
    call_command("serve", "--workers", "2")
    assert started.call_args.kwargs["workers"] == 2


@pytest.mark.parametrize("wrong", [["--port", "0"], ["--port", "65536"], ["--workers", "0"]])
def test_what_cannot_work_is_refused(started: mock.Mock, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("serve", *wrong)
    started.assert_not_called()


def test_it_does_not_migrate_but_says_that_somebody_must(tmp_path: Path) -> None:
    refused = manage(tmp_path, "serve")
    assert refused.returncode == 1
    assert "python manage.py setup" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_it_does_not_wait_for_the_database(started: mock.Mock, capsys: Any) -> None:
    with mock.patch.object(serve, "migrations_to_apply", side_effect=OperationalError("gone")):
        call_command("serve")
    started.assert_called_once()
    assert "does not answer yet: gone" in capsys.readouterr().err
