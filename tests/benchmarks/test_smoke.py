"""The benchmarks run: each in its short form, whose figures say nothing but that there are some."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.process import ROOT

# Figures of each row, all of them above nothing.
FIGURES = {
    "stadium": {"deliveries per CPU s", "deliveries/s", "p50 ms", "p99 ms"},
    "storm": {"commands per CPU s", "commands/s", "p50 ms", "p99 ms"},
    "party_night": {"CPU ms a member-minute", "members"},
    "doors": {"joins/s", "joins per CPU s", "p50 ms", "p99 ms"},
    "memory": {"KiB per connection", "connections"},
    "two_workers": {"µs per delivery", "deliveries/s", "p50 ms", "p99 ms"},
    "growth": {"µs per command", "µs per delivery", "p50 ms", "p99 ms"},
}
# On PostgreSQL all that differs is what is below the road: one of them is enough there.
WANTED = ["storm"] if os.environ["DB_NAME"] else list(FIGURES)


@pytest.mark.parametrize("name", WANTED)
def test_a_benchmark_has_its_figures(name: str, tmp_path: Path, django_db_setup: None) -> None:
    file = tmp_path / "figures.json"
    options = ["--seconds", "1", "--small", "--given", "--json", str(file)]
    run = [sys.executable, "-m", f"benchmarks.{name}", *options]
    done = subprocess.run(run, cwd=ROOT, check=False, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    rows: list[dict[str, Any]] = json.loads(file.read_text())["rows"]
    assert len(rows) > 1
    for row in rows:
        assert row["server"] in done.stdout
        assert FIGURES[name] <= row.keys()
        assert [figure for figure in FIGURES[name] if row[figure] <= 0] == []
