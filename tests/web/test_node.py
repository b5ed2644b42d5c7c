"""What runs in the browser, run by Node: its rules, its time, and its sessions with a server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.node import find_node

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # s


@pytest.fixture(autouse=True)
def _database() -> None:
    """The servers that these tests start have databases of their own."""


@pytest.mark.timeout(PATIENCE)
def test_the_page_keeps_its_promises() -> None:
    files = sorted(str(file) for file in (ROOT / "tests" / "web").rglob("*.test.js"))
    command = [find_node(), "--experimental-websocket", "--test", "--test-reporter=spec", *files]
    environment = {**os.environ, "SYNCPLAY_PYTHON": sys.executable}

    run = subprocess.run(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=PATIENCE, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout[-20_000:]
    assert "skipped 0" in run.stdout
