"""The files that set a machine up agree with each other, and with the code."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from syncplay_backend.settings import env

ROOT = Path(__file__).resolve().parents[1]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE
)
EXPORTS = {
    "requirements.txt": ["--no-default-groups"],
    "requirements-dev.txt": ["--all-groups"],
}


def pins(file: str) -> dict[tuple[str, str], set[str]]:
    """(name, version) and the hashes of each line of a requirements file."""
    return {
        (pin["name"], pin["version"]): set(re.findall(r"sha256:[0-9a-f]{64}", pin["rest"]))
        for pin in PIN.finditer((ROOT / file).read_text())
    }


def locked() -> dict[tuple[str, str], set[str]]:
    def files(package: dict[str, Any]) -> list[dict[str, str]]:
        source = package.get("sdist")
        return [*package.get("wheels", []), *([source] if source else [])]

    return {
        (package["name"], package["version"]): {file["hash"] for file in files(package)}
        for package in LOCK["package"]
        if "registry" in package["source"]
    }


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;]", requirement)[0].lower() for requirement in requirements}


def test_the_example_documents_exactly_the_variables_that_are_read() -> None:
    documented = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(env.names)


def test_the_example_explains_each_variable() -> None:
    blocks = (ROOT / ".env.example").read_text().split("\n\n")
    unexplained = [block for block in blocks if "=" in block and not block.startswith("# ")]
    assert unexplained == []


@pytest.mark.parametrize("file", EXPORTS)
def test_requirements_are_what_is_locked(file: str) -> None:
    lock = locked()
    assert pins(file)
    for pin, hashes in pins(file).items():
        assert hashes
        assert hashes == lock[pin]


def test_the_development_requirements_are_all_that_is_locked() -> None:
    assert pins("requirements-dev.txt") == locked()


def test_every_dependency_of_the_project_is_required() -> None:
    runtime = named(PROJECT["project"]["dependencies"])
    groups = PROJECT["dependency-groups"]
    assert runtime <= {name for name, _ in pins("requirements.txt")}
    development = runtime | named(groups["test"]) | named(groups["lint"])
    assert development <= {name for name, _ in pins("requirements-dev.txt")}


def test_the_lock_names_no_index_but_the_public_one() -> None:
    sources = [package["source"] for package in LOCK["package"]]
    assert {source.get("registry", "") for source in sources} == {"https://pypi.org/simple", ""}
    urls = re.findall(r'url = "([a-z]+://[^/"]*)', (ROOT / "uv.lock").read_text())
    assert set(urls) == {"https://files.pythonhosted.org"}


@pytest.mark.parametrize(("file", "groups"), EXPORTS.items())
def test_requirements_are_what_uv_would_export(file: str, groups: list[str]) -> None:
    uv = shutil.which("uv")
    if uv is None:
        # Not skipped: the tests above hold the same files to the lock without it.
        return
    command = [uv, "export", "--frozen", "--no-config", "--no-header", "-q", *groups]
    exported = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert exported.stdout == (ROOT / file).read_text()


def test_an_old_python_is_told_what_it_takes() -> None:
    code = (
        "import sys; sys.version_info = (3, 10, 1); sys.argv = ['', 'nowhere', 'requirements.txt'];"
        "import runpy; runpy.run_path('scripts/bootstrap.py', run_name='__main__')"
    )
    refused = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("SyncPlay needs Python 3.11 or newer, and this is 3.10")


def test_make_lists_what_it_can() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True)
    for target in ("setup", "run", "serve", "test", "check"):
        assert f"make {target} " in told.stdout


@pytest.mark.parametrize("path", ["manage.py", ".ci/run"])
def test_what_is_run_is_executable(path: str) -> None:
    assert (ROOT / path).stat().st_mode & 0o111
