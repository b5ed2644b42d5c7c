"""The page about time: its constants are the code's, and its picture is drawn by a command."""

import re
import subprocess
import sys
from importlib import import_module
from operator import attrgetter
from typing import Any

import pytest

from tests.docs.pages import ROOT, page

SYNC = page("docs/sync.md")
CONSTANTS = {(row[2].strip("`"), row[0].strip("`")): row[1] for row in SYNC.table("Constants")}


def constant(path: str, name: str) -> Any:
    """What `NAME`, or `NAME.field`, is in a file."""
    module = path.removeprefix("clients/python/").removesuffix(".py").replace("/", ".")
    return attrgetter(name)(import_module(module))


@pytest.mark.parametrize(("path", "name"), CONSTANTS, ids=str)
def test_a_constant_is_the_one_in_the_code(path: str, name: str) -> None:
    told = [float(one.replace(",", "")) for one in CONSTANTS[path, name].split(", ")]
    ours = constant(path, name)
    assert told == (list(ours) if isinstance(ours, tuple) else [ours])


def test_every_constant_of_a_start_and_of_a_wait_has_its_reason() -> None:
    ours = {"LEAST_LEAD", "MOST_LEAD", "COVERED_TRIP", "FIRST_LOAD", "REBUFFER"}
    ours |= {"STALLS", "STALL_FORGOTTEN"}
    assert ours <= {name for _, name in CONSTANTS}


def test_the_picture_is_up_to_date() -> None:
    check = [sys.executable, "scripts/picture.py", "--check"]
    done = subprocess.run(check, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_is_measured_has_its_place() -> None:
    places = re.findall(r"<!-- measured: (\w+) -->\n(.*?)<!-- /measured -->", SYNC.text, re.DOTALL)
    assert [name for name, _ in places] == ["simulation", "network", "browsers"]
    assert SYNC.text.count("<!-- measured: ") == SYNC.text.count("<!-- /measured -->")
