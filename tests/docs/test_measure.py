"""The table of sizes in CONTRIBUTING is one that the command makes."""

import runpy

from tests.docs.pages import ROOT, page

MEASURE = runpy.run_path(str(ROOT / "scripts" / "measure.py"))


def test_the_table_has_what_the_command_measures() -> None:
    table = page("CONTRIBUTING.md").table("Measured")
    assert set(MEASURE["sizes"]()) <= {what for what, _ in table}


def test_sizes_are_counted() -> None:
    sizes = MEASURE["sizes"]()
    lines, _, files = sizes["source: lines of Python, files"].partition(" in ")
    assert int(lines.replace(",", "")) > int(files) > 0
    assert "`tests/" in sizes["longest file of the tests"]


def test_times_are_kept_while_they_are_not_measured_anew() -> None:
    old = f"| what | measured |\n|---|---|\n| longest file | 1 |\n| {MEASURE['RUN']} | 9 s |\n"
    assert MEASURE["times"](old) == {MEASURE["RUN"]: "9 s"}
