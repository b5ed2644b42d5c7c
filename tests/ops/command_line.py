"""Runs Python and `manage.py` as a user does: in a process with an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from tests.servers import plain_environment

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60

Finished: TypeAlias = subprocess.CompletedProcess[str]

PRODUCTION = {"DEBUG": "False", "SECRET_KEY": "k" * 20 + "0123456789" * 4}


def manage(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Finished:
    return _run(folder, ["manage.py", *arguments], env)


def python(folder: Path, code: str, env: Mapping[str, str] | None = None) -> Finished:
    return _run(folder, ["-c", code], env)


def _run(folder: Path, arguments: list[str], env: Mapping[str, str] | None) -> Finished:
    """On SQLite and memory in `folder`, unless `env` says otherwise."""
    settings = {"DJANGO_SETTINGS_MODULE": "syncplay_backend.settings"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **plain_environment(folder), **settings, **(env or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
