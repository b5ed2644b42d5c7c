"""Measure the project, and write the table into CONTRIBUTING.md.

`--from-nothing` also copies what git has or would add into an empty folder, and times there, in an
empty HOME, `make run` until it serves and `make test`. Without it those two rows stay as they were.
"""

import ast
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
SOURCE = ("syncplay_backend", "clients", "benchmarks", "scripts", "manage.py")
TESTS = ("tests",)
RUN, TEST = "`make run` from nothing until it serves", "`make test` from nothing"
PORT = 18_000
PATIENCE = 300  # seconds until `make run` must serve


def main() -> None:
    text = TABLE.read_text()
    head, rest = text.split(BEGIN)
    old, tail = rest.split(END)
    rows = {**sizes(), **times(old)}
    table = "| what | measured |\n|---|---|\n"
    table += "".join(f"| {what} | {measured} |\n" for what, measured in rows.items())
    TABLE.write_text(head + BEGIN + table + END + tail)
    print(table, end="")


def sizes() -> dict[str, str]:
    source, tests = modules(*SOURCE), modules(*TESTS)
    return {
        "source: lines of Python, files": f"{total(source):,} in {len(source)}",
        "tests: lines of Python, files": f"{total(tests):,} in {len(tests)}",
        "longest file": longest((lines_of(path), shown(path)) for path in source),
        "longest function": longest(found for path in source for found in functions(path)),
        "longest file of the tests": longest((lines_of(path), shown(path)) for path in tests),
    }


def modules(*names: str) -> list[Path]:
    """Files that say something; migrations are made by a machine."""
    found = [path for name in names for path in [ROOT / name, *(ROOT / name).rglob("*.py")]]
    said = [path for path in found if path.is_file() and path.stat().st_size]
    return sorted(path for path in said if "migrations" not in path.parts)


def shown(path: Path) -> str:
    return f"`{path.relative_to(ROOT).as_posix()}`"


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def total(paths: list[Path]) -> int:
    return sum(map(lines_of, paths))


def functions(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield length, f"`{node.name}` in {shown(path)}"


def longest(found: Iterable[tuple[int, str]]) -> str:
    lines, name = max(found)
    return f"{lines} lines: {name}"


def times(old: str) -> dict[str, str]:
    if "--from-nothing" not in sys.argv[1:]:
        rows = (line.strip("| \n").split(" | ", 1) for line in old.splitlines())
        return {row[0]: row[1] for row in rows if row[0] in (RUN, TEST)}
    where = f"({os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d})"
    return {
        RUN: f"{from_nothing(serve):.0f} s {where}",
        TEST: f"{from_nothing(test):.0f} s {where}",
    }


def from_nothing(step: Callable[[Path, dict[str, str]], float]) -> float:
    """The seconds that a step takes in a fresh clone, in an empty HOME; it answers its end."""
    with tempfile.TemporaryDirectory(prefix="syncplay-measure-") as folder:
        clone, home = Path(folder, "clone"), Path(folder, "home")
        home.mkdir()
        copy(clone)
        started = time.monotonic()
        return step(clone, surroundings(home)) - started


def copy(clone: Path) -> None:
    """What a clone would hold if all were committed."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in names.split("\0"):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)


def surroundings(home: Path) -> dict[str, str]:
    """The environment, without what this project, its make and its Python put there."""
    own = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    own |= {"DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return {**kept, "HOME": str(home)}


def serve(clone: Path, env: dict[str, str]) -> float:
    # A session of its own: make, its shell and the server end together.
    run = ["make", "run", f"PORT={PORT}"]
    with subprocess.Popen(run, cwd=clone, env=env, start_new_session=True) as child:
        try:
            return serves_at(child)
        finally:
            os.killpg(child.pid, signal.SIGTERM)


def serves_at(child: "subprocess.Popen[bytes]") -> float:
    deadline = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://localhost:{PORT}/"):
            return time.monotonic()
        time.sleep(0.05)
    sys.exit("make run does not serve")


def test(clone: Path, env: dict[str, str]) -> float:
    subprocess.run(["make", "test"], cwd=clone, env=env, check=True)
    return time.monotonic()


if __name__ == "__main__":
    main()
