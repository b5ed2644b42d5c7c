"""The benchmarks of the step run, and come to figures. How good these are is not judged here."""

import asyncio
import json
import sys

import pytest

from benchmarks import simulation, sync_page
from tests.process import ROOT


async def test_real_clients_are_measured_over_a_bad_line(tmp_path):
    result = tmp_path / "result.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.real_sync", "--members", "2", "--seconds", "5",
        "--delay", "10", "--jitter", "5", "--json", str(result),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    written, _ = await process.communicate()
    assert process.returncode == 0, written.decode()
    told = json.loads(result.read_text())

    assert told["line"] == "10 ± 5 ms each way"
    assert len(told["commands"]) == 1
    assert {look["name"] for look in told["looks"]} == {"Alice", "Viewer 1"}
    assert any(look["held"] for look in told["looks"])
    assert all(0 <= row["p50"] <= row["p95"] <= row["max"] for row in told["figures"].values())


@pytest.fixture
def own_page(tmp_path, monkeypatch):
    page = tmp_path / "sync.md"
    page.write_text("Before\n<!-- measured: simulation -->\nold\n<!-- /measured -->\nafter\n")
    monkeypatch.setattr(sync_page, "PAGE", page)
    return page


def test_an_evening_is_measured_and_written_down(own_page, monkeypatch, capsys):
    monkeypatch.setattr(simulation, "ASYMMETRIES", (0.0,))
    simulation.main(["--seeds", "1", "--docs"])

    assert "Viewer 19" in capsys.readouterr().out
    text = own_page.read_text()
    assert "| the worst |" in text
    assert "old" not in text
    assert text.startswith("Before\n<!-- measured: simulation -->\n")
    assert text.endswith("<!-- /measured -->\nafter\n")


def test_a_place_that_is_not_there_is_missed(own_page):
    with pytest.raises(LookupError):
        sync_page.fill("network", "…")
