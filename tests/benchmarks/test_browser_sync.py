"""The benchmark of browsers judges rightly, and runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from syncplay_client.timeline import Timeline

from benchmarks.browser_looks import Command, Judge, Look, Run
from benchmarks.browser_picture import draw
from tests.chromium import find_chromium
from tests.films import find_ffmpeg
from tests.missing import do_without
from tests.process import ROOT, UnavailableError

PLAYS = Timeline(10.0, 1_000.0, playing=True, rate=1.0)  # by a server 500 ms ahead
STARTS = 500.0  # by the machine


def look(at: float, position: float) -> Look:
    return Look(at, position, False, None, None)


def run(**looks: list[Look]) -> Run:
    one = Run(len(looks), began=0.0, commands=[Command("play", 300.0)], looks=looks)
    one.truth.see(Timeline(10.0, 0.0, playing=False, rate=1.0), 500.0)
    one.truth.see(PLAYS, 500.0)
    return one


def steady(off: float) -> list[Look]:
    """Every 20 ms, so many ms ahead of the room."""
    return [look(at, 10 + (max(at, STARTS) - STARTS + off) / 1000) for at in range(0, 5_000, 20)]


def test_an_error_is_told_by_the_machines_clock() -> None:
    judge = Judge(run(alice=steady(0)))
    assert judge.error(look(1_500, 11.0)) == pytest.approx(0)
    assert judge.error(look(1_500, 11.02)) == pytest.approx(20)
    assert judge.error(look(1_500, 10.9)) == pytest.approx(-100)


def test_at_another_rate_it_is_told_in_time_not_in_film() -> None:
    one = run(alice=steady(0))
    one.truth.see(Timeline(10.0, 3_500.0, playing=True, rate=2.0), 500.0)
    assert Judge(one).error(look(4_000, 12.1)) == pytest.approx(50)


def test_nobody_is_held_to_anything_for_a_second_after_a_start() -> None:
    judge = Judge(run(alice=steady(0)))
    assert not judge.is_held(400)
    assert not judge.is_held(STARTS + 999)
    assert judge.is_held(STARTS + 1_000)


def test_the_spread_is_between_the_first_and_the_last() -> None:
    spreads = run(alice=steady(8), bob=steady(-4), charlie=steady(1)).spreads()
    assert spreads == pytest.approx([12.0] * len(spreads))
    assert spreads


def test_settled_is_who_stays_in_step() -> None:
    late = [one if one.at > 1_200 else look(one.at, 10.0) for one in steady(0)]
    (settled,) = run(alice=steady(5), bob=late).settled()
    assert settled[0] == "play"
    assert settled[1] == pytest.approx(1_200 - 300, abs=25)


def test_ten_looks_a_second_count() -> None:
    errors = run(alice=steady(3)).errors()["alice"]
    seconds = (5_000 - STARTS - 1_000) / 1_000
    assert len(errors) == pytest.approx(seconds * 10, abs=1)
    assert {round(error) for _, error in errors} == {3}


def test_the_picture_has_a_line_for_each() -> None:
    picture = draw([run(alice=steady(3), bob=steady(-3))])
    assert picture.count("<polyline") == 2
    assert "2 browsers, no delay" in picture


def test_browsers_are_measured(tmp_path: Path) -> None:
    try:
        find_chromium()
        find_ffmpeg()
    except UnavailableError as why:
        do_without(why)
    told = tmp_path / "told.json"
    wish = ["--members", "2", "--delayed", "--seconds", "10", "--json", str(told)]
    command = [sys.executable, "-m", "benchmarks.browser_sync", *wish]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (one,) = json.loads(told.read_text())["runs"]
    assert one["title"] == "2 browsers, no delay"
    assert [command[0] for command in one["commands"]] == ["play"]
    for name, (p50, p95, most) in one["rows"].items():
        assert 0 <= p50 <= p95 <= most, name
    assert one["title"] in done.stdout
