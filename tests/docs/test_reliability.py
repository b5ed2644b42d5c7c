"""The page of promises: every test that it names is there."""

import re

from tests.docs.pages import ROOT, page

RELIABILITY = page("docs/reliability.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)`: ((?:`\w+`(?:, )?)+)")


def test_every_rule_names_tests_that_are_there() -> None:
    for rule, cell in RELIABILITY.table("Rule by rule"):
        found = NAMED.findall(cell)
        assert found, rule
        for file, names in found:
            code = (ROOT / file).read_text()
            missing = [n for n in re.findall(r"`(\w+)`", names) if f"def {n}(" not in code]
            assert missing == [], f"{rule}: {file}"


def test_everything_that_breaks_things_is_explained() -> None:
    told = {cell.strip("`") for *_, cell in RELIABILITY.table("What is broken in the tests")}
    ours = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/faults/test_*.py")}
    assert ours - told == {"tests/faults/test_muddle.py"}
