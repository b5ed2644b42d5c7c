"""The settings, read by a process that is started in a chosen environment."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ops.command_line import PRODUCTION, manage, python

SHOW = """
import json
import django
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name) for name in dir(settings)}, default=str))
"""


def settings(folder: Path, **env: str) -> dict[str, Any]:
    shown = python(folder, SHOW, env)
    assert shown.returncode == 0, shown.stderr
    loaded: dict[str, Any] = json.loads(shown.stdout)
    return loaded


def refusal(folder: Path, **env: str) -> str:
    """What a command says, on stderr, without a traceback."""
    refused = manage(folder, "check", env=env)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    return refused.stderr


def test_nothing_set_but_debug_is_sqlite_and_memory(tmp_path: Path) -> None:
    shown = settings(tmp_path, SQLITE_PATH="", SECRET_KEY="", ALLOWED_HOSTS="")
    assert shown["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")
    assert shown["DATABASES"]["default"]["NAME"].endswith("/db.sqlite3")
    assert shown["CHANNEL_LAYERS"]["default"]["BACKEND"].endswith("InMemoryChannelLayer")


def test_debug_is_off_unless_it_is_switched_on(tmp_path: Path) -> None:
    shown = settings(tmp_path, **{**PRODUCTION, "DEBUG": "", "ALLOWED_HOSTS": "a.example"})
    assert shown["DEBUG"] is False


def test_a_database_name_means_postgresql(tmp_path: Path) -> None:
    shown = settings(tmp_path, DB_NAME="syncplay", DB_USER="alice", DB_PASSWORD=" p w ")
    database = shown["DATABASES"]["default"]
    assert database["ENGINE"].endswith("postgresql")
    assert [database[part] for part in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "syncplay",
        "alice",
        " p w ",
        "localhost",
        "5432",
    ]


@pytest.mark.parametrize("url", ["valkey://h:1/2", "unix:///run/valkey.sock"])
def test_a_redis_url_means_that_layer(tmp_path: Path, url: str) -> None:
    code = "from channels.layers import get_channel_layer as get; print(type(get()).__name__)"
    shown = python(tmp_path, f"import django; django.setup(); {code}", {"REDIS_URL": url})
    assert shown.stdout == "RedisPubSubChannelLayer\n", shown.stderr


def test_every_wrong_variable_is_named_at_once(tmp_path: Path) -> None:
    wrong = {
        "DEBUG": "perhaps",
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": "",
        "CORS_ALLOWED_ORIGINS": "a.example",
        "CSRF_TRUSTED_ORIGINS": "https://a.example/admin",
        "TRUSTED_PROXIES": "nginx",
        "RATE_LIMITS": "sometimes",
        "LOG_FILE": "nowhere/at/all.log",
        "LOG_LEVEL": "loud",
        "REDIS_URL": "http://localhost",
        "SQLITE_PATH": "nowhere/at/all.sqlite3",
        "DB_NAME": "",
        "DB_USER": "alice",
        "DB_PASSWORD": "secret",
        "DB_HOST": "localhost",
        "DB_PORT": "five",
    }
    said = refusal(tmp_path, **wrong)
    for name in wrong.keys() - {"DB_NAME"}:
        assert f"\n  {name} " in said
    assert "secret" not in said


def test_a_database_name_alone_is_refused(tmp_path: Path) -> None:
    assert "\n  DB_USER is missing" in refusal(tmp_path, DB_NAME="syncplay")


def test_production_needs_a_key_and_hosts(tmp_path: Path) -> None:
    said = refusal(tmp_path, DEBUG="False", SECRET_KEY="", ALLOWED_HOSTS="")
    assert "\n  SECRET_KEY is missing" in said
    assert "\n  ALLOWED_HOSTS is missing" in said


def test_cookies_are_secure_where_every_trusted_origin_is(tmp_path: Path) -> None:
    plain = settings(tmp_path, CSRF_TRUSTED_ORIGINS="https://a.example,http://10.0.0.5")
    secure = settings(tmp_path, CSRF_TRUSTED_ORIGINS="https://a.example")
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert [plain[name] for name in names] == [False, False]
    assert [secure[name] for name in names] == [True, True]


def test_an_empty_log_file_is_stdout(tmp_path: Path) -> None:
    code = "import django, logging; django.setup(); logging.getLogger('a').error('Hello.')"
    shown = python(tmp_path, code, {"LOG_FILE": ""})
    assert shown.stdout.endswith("a: Hello.\n")
    assert shown.stderr == ""
