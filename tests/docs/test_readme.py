"""What the README says to paste works, and answers what it says."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from syncplay_backend.settings import env
from tests.docs.pages import ROOT, Block, Page, page
from tests.ops.command_line import manage
from tests.ops.test_order import ORDERED, OWNER
from tests.process import ServerProcess

README = page("README.md")
OPERATIONS = page("docs/operations.md")
CUT = "-- 8< --"


def blocks(of: Page, heading: str) -> list[Block]:
    text = of.section(heading)
    return [block for block in of.blocks if block.text in text]


def test_what_is_to_be_pasted_answers_what_is_shown(server: ServerProcess) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    shown = blocks(README, "Try it")
    pasted = [block.text for block in shown if block.language == "bash"]
    answers = paste(pasted, server)
    assert len(answers) == len(pasted)
    for block, after in pairwise(shown):
        if after.language == "json":
            answered = answers[pasted.index(block.text)]
            assert_alike(json.loads(after.text), json.loads(answered))
    assert any(answer.startswith("room_update the video is at 12") for answer in answers)


def paste(blocks: list[str], server: ServerProcess) -> list[str]:
    """All blocks into one shell, as a reader would; what each of them printed."""
    script = f"echo; echo '{CUT}'\n".join(f"{block}\n" for block in blocks)
    script = script.replace("localhost:8000", f"{server.host}:{server.port}")
    script = script.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.split(f"{CUT}\n")


def assert_alike(shown: Any, answered: Any) -> None:
    """Everything shown is there, with the same value; there may be more."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert_alike(value, answered[name])
    elif isinstance(shown, list):
        assert len(shown) == len(answered)
        for one, other in zip(shown, answered, strict=True):
            assert_alike(one, other)
    elif isinstance(shown, float):  # where the video is by now
        assert answered == pytest.approx(shown, abs=30)
    else:
        assert answered == shown


def test_the_settings_for_production_are_such(tmp_path: Path) -> None:
    (ini,) = (block.text for block in README.blocks if block.language == "ini")
    wanted = dict(re.findall(r"^([A-Z_]+)=(.*)$", ini, re.MULTILINE))
    assert set(wanted) <= set(env.names)
    refused = manage(tmp_path, "check", env=wanted)
    assert "SECRET_KEY is missing" in refused.stderr
    assert refused.stderr.count("\n  ") == 1, "only the key is left to be filled in"
    done = manage(tmp_path, "check", env={**wanted, "SECRET_KEY": "x" * 50})
    assert done.returncode == 0, done.stderr


def test_postgresql_is_set_up_as_the_tests_do_it() -> None:
    (sql,) = (block.text for block in README.blocks if block.language == "sql")
    assert sql.split(";\n") == [*ORDERED, OWNER, ""]


def test_a_running_sqlite_is_backed_up_whole(tmp_path: Path) -> None:
    (command,) = (b.text for b in OPERATIONS.blocks if "sqlite3.connect" in b.text)
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE room (name)")
        database.execute("INSERT INTO room VALUES ('Movie Night')")
        database.commit()
        subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True)
    with sqlite3.connect(tmp_path / "backup.sqlite3") as backup:
        assert backup.execute("SELECT name FROM room").fetchall() == [("Movie Night",)]
    database.close()
    backup.close()
