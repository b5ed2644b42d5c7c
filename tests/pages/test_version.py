"""The name of all files together."""

import re
from pathlib import Path

import pytest

from syncplay_backend.pages.version import fingerprint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "live").mkdir()
    (tmp_path / "main.js").write_text("1")
    (tmp_path / "live" / "clock.js").write_text("2")
    return tmp_path


def test_the_same_files_have_the_same_name(folder: Path) -> None:
    assert fingerprint(folder) == fingerprint(folder)
    assert re.fullmatch(r"[0-9a-f]{12}", fingerprint(folder))


def test_another_byte_is_another_name(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "live" / "clock.js").write_text("3")
    assert fingerprint(folder) != before


def test_another_place_is_another_name(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "live" / "clock.js").rename(folder / "clock.js")
    assert fingerprint(folder) != before


def test_what_moves_from_one_file_into_the_next_is_another_name(tmp_path: Path) -> None:
    names = []
    for first, second in (("ab", "c"), ("a", "bc")):
        (tmp_path / "1").write_text(first)
        (tmp_path / "2").write_text(second)
        names.append(fingerprint(tmp_path))
    assert names[0] != names[1]
