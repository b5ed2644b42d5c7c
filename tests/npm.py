"""What comes from npm, by the lock file."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.process import ROOT, UnavailableError

INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


@cache
def packages() -> Path:
    """The folder that holds them. Raises `UnavailableError`."""
    if shutil.which("npm") is None:
        raise UnavailableError("there is no npm on this machine")
    done = subprocess.run(INSTALL, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise UnavailableError(f"npm ci failed: {done.stderr}")
    return ROOT / "node_modules"
