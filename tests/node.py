"""Node, to run the page's scripts without a browser: the machine's, or Playwright's own."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

from playwright._impl._driver import compute_driver_executable

OLDEST = 20


@cache
def find_node() -> str:
    found = shutil.which("node")
    return found if found and _major(found) >= OLDEST else str(compute_driver_executable()[0])


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.removeprefix("v").split(".")[0])
