"""The shape of the code: sizes, and a test beside every module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "syncplay_backend"
BESIDE = [ROOT / name for name in ("scripts", "benchmarks", "clients", "tests")]
LONGEST_FILE = 300
LONGEST_FUNCTION = 45

# Modules without a test file of their own, and where they are tested instead.
TESTED_ELSEWHERE = {
    "asgi.py": "contract/test_contract.py",
    "settings.py": "ops/test_settings.py",
    "ops/apps.py": "ops/test_checks.py",
    "ops/management/commands/setup.py": "ops/test_setup.py",
    "ops/management/commands/migrate.py": "ops/test_setup.py",
    "ops/management/commands/serve.py": "ops/test_serve.py",
    "ops/management/commands/cleanup_rooms.py": "ops/test_cleanup_rooms.py",
    "ops/management/commands/new_epoch.py": "ops/test_new_epoch.py",
    "ops/looking.py": "ops/test_admin.py",
    "pages/urls.py": "pages/test_front.py",
    "rooms/apps.py": "rooms/test_models.py",
    "services/health.py": "ops/test_health.py",
}


def modules(*folders: Path) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
    )


EVERYTHING = [ROOT / "manage.py", *modules(SOURCE, *BESIDE)]
WITH_CODE = [path for path in modules(SOURCE) if path.name != "__init__.py"]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", EVERYTHING, ids=shown)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", EVERYTHING, ids=shown)
def test_no_function_is_too_long(path: Path) -> None:
    assert {name: lines for name, lines in functions(path) if lines > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("path", WITH_CODE, ids=shown)
def test_every_module_has_its_test(path: Path) -> None:
    inside = path.relative_to(SOURCE)
    elsewhere = TESTED_ELSEWHERE.get(inside.as_posix())
    expected = elsewhere or inside.with_name(f"test_{inside.name}").as_posix()
    assert (ROOT / "tests" / expected).is_file(), f"tests/{expected} is not there"


def test_what_is_tested_elsewhere_is_still_there() -> None:
    assert [name for name in TESTED_ELSEWHERE if not (SOURCE / name).is_file()] == []


@pytest.mark.parametrize("path", WITH_CODE, ids=shown)
def test_no_module_is_a_drawer_for_everything(path: Path) -> None:
    assert not {"utils", "helpers", "common", "misc", "base"} & {path.stem, path.parent.name}
