"""What runs in the browser, run by Node: its rules, its time, and its sessions with a server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDEST = 20
PATIENCE = 300  # s


@pytest.fixture(autouse=True)
def _database() -> None:
    """The servers that these tests start have databases of their own."""


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found and _major(found) >= OLDEST:
        return found
    reason = f"there is no Node {OLDEST} or newer on the PATH"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and with REQUIRE_ALL=1 nothing may be skipped")
    pytest.skip(reason)


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.removeprefix("v").split(".")[0])


@pytest.mark.timeout(PATIENCE)
def test_the_page_keeps_its_promises(node: str) -> None:
    files = sorted(str(file) for file in (ROOT / "tests" / "web").rglob("*.test.js"))
    command = [node, "--experimental-websocket", "--test", "--test-reporter=spec", *files]
    environment = {**os.environ, "SYNCPLAY_PYTHON": sys.executable}

    run = subprocess.run(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=PATIENCE, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout[-20_000:]
    assert "skipped 0" in run.stdout
