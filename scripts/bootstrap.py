"""Make a virtual environment and install a locked requirements file into it.

Works with uv, and without; without python3-venv too, because a recent pip can install into an
environment that has no pip of its own. Uses the standard library only, and syntax that an old
Python can read, so that it gets as far as saying what is wrong.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

OLDEST_PYTHON = (3, 11)
OLDEST_PIP_THAT_REACHES_OUT = (22, 3)


def main(venv: str, requirements: str) -> None:
    if sys.version_info < OLDEST_PYTHON:
        major, minor = sys.version_info[:2]
        sys.exit(
            f"SyncPlay needs Python 3.11 or newer, and this is {major}.{minor}: {sys.executable}\n"
            "If you have a newer one, name it: make PYTHON=python3.12 ..."
        )
    print(f"Installing {requirements} into {venv} ...", flush=True)
    for attempt in (with_uv, with_pip_from_outside, with_pip_inside):
        if attempt(venv, requirements):
            return
    sys.exit(
        f"Could not install {requirements}: see above. Needed are the network and one of: uv, "
        "pip 22.3 or newer, or Python's venv with ensurepip (Debian: apt install python3-venv)."
    )


def with_uv(venv: str, requirements: str) -> bool:
    uv = shutil.which("uv")
    if uv is None:
        return False
    python = python_of(venv)
    made = os.path.exists(python) or run(uv, "venv", "-q", "-p", sys.executable, venv)
    return made and run(
        uv, "pip", "install", "-q", "-p", python, "--require-hashes", "-r", requirements
    )


def with_pip_from_outside(venv: str, requirements: str) -> bool:
    if pip_version() < OLDEST_PIP_THAT_REACHES_OUT:
        return False
    python = python_of(venv)
    made = os.path.exists(python) or run(
        sys.executable, "-m", "venv", "--clear", "--without-pip", venv
    )
    return made and run(sys.executable, "-m", "pip", "--python", python, *install(requirements))


def with_pip_inside(venv: str, requirements: str) -> bool:
    made = run(sys.executable, "-m", "venv", "--clear", venv)
    return made and run(python_of(venv), "-m", "pip", *install(requirements))


def install(requirements: str) -> list[str]:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    return ["install", *quiet, "--require-hashes", "-r", requirements]


def pip_version() -> tuple[int, ...]:
    """The version of this Python's own pip; (0,) where it has none."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "--version"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    found = re.match(rb"pip (\d+)\.(\d+)", asked.stdout)
    return (int(found.group(1)), int(found.group(2))) if found else (0,)


def python_of(venv: str) -> str:
    return os.path.join(venv, "bin", "python")


def run(*command: str) -> bool:
    return subprocess.call(command) == 0


if __name__ == "__main__":
    main(*sys.argv[1:3])
