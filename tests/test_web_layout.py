"""The shape of the page's scripts: floors, as the server's, and sizes."""

import re
from pathlib import Path

import pytest

from syncplay_backend.pages.modules import imports
from tests.test_layout import LONGEST_FILE

ROOT = Path(__file__).resolve().parents[1]
WEB, TESTS = ROOT / "web", ROOT / "tests" / "web"
FLOORS = {"domain": 0, "rooms": 1, "live": 1, "services": 2, "doors": 3}
ASSEMBLY = 4
LATER = re.compile(r"""\bimport\(\s*["'](\.{1,2}/[^"']+)["']""")
OUTSIDE = re.compile(
    r"\b(document|window|globalThis|navigator|localStorage|sessionStorage|fetch|WebSocket|"
    r"setTimeout|setInterval|requestAnimationFrame|performance|"
    r"Date\.now|new Date\(\)|Math\.random)\b"
)
MARKUP = re.compile(
    r"\.(innerHTML|outerHTML|insertAdjacentHTML)\b|document\.write|\beval\(|new Function"
)
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)

SCRIPTS = sorted(path for path in WEB.rglob("*.js") if "vendor" not in path.parts)
EVERYTHING = [*SCRIPTS, *WEB.rglob("*.css"), *TESTS.rglob("*.js"), *TESTS.rglob("*.mjs")]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part(module: Path) -> str:
    """The folder of `web/` that it is in; of those right in there, the name."""
    return module.relative_to(WEB).parts[0]


def all_named(module: Path) -> list[Path]:
    later = [(module.parent / name).resolve() for name in LATER.findall(module.read_text())]
    return [*imports(module), *later]


@pytest.mark.parametrize("module", SCRIPTS, ids=shown)
def test_imports_only_go_down(module: Path) -> None:
    here = part(module)
    for named in all_named(module):
        assert named.is_file(), f"{shown(named)} is not there"
        there = part(named)
        if there in {here, "vendor"}:
            continue
        assert FLOORS[there] < FLOORS.get(here, ASSEMBLY), f"imports {shown(named)}"


@pytest.mark.parametrize("module", SCRIPTS, ids=shown)
def test_what_others_wrote_is_loaded_only_when_it_is_needed(module: Path) -> None:
    assert [named for named in imports(module) if part(named) == "vendor"] == []


@pytest.mark.parametrize("module", [path for path in SCRIPTS if part(path) == "domain"], ids=shown)
def test_the_domain_knows_no_page_no_clock_and_no_outside_world(module: Path) -> None:
    assert OUTSIDE.findall(COMMENT.sub("", module.read_text())) == []


def test_every_folder_is_a_floor() -> None:
    folders = {path.name for path in WEB.iterdir() if path.is_dir()}
    assert folders == {*FLOORS, "style", "texts", "icons", "vendor"}


@pytest.mark.parametrize("path", EVERYTHING, ids=shown)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_nothing_that_a_stranger_wrote_becomes_markup(path: Path) -> None:
    """Nodes are made one by one; text is set as text."""
    forbidden = (
        r"\.(innerHTML|outerHTML|insertAdjacentHTML)\b|document\.write|\beval\(|new Function"
    )
    assert re.findall(forbidden, COMMENT.sub("", path.read_text())) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_no_module_is_a_drawer_for_everything(path: Path) -> None:
    assert not {"utils", "helpers", "common", "misc", "base"} & {path.stem, path.parent.name}
