"""What the page takes from npm is the file that the lock names."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.missing import do_without

ROOT = Path(__file__).resolve().parents[1]
LOCK = json.loads((ROOT / "package-lock.json").read_text())["packages"]
WISHES = json.loads((ROOT / "package.json").read_text())


def test_every_package_is_exact_and_bears_its_hash() -> None:
    wished = WISHES["dependencies"] | WISHES["devDependencies"]
    locked = {name.removeprefix("node_modules/"): one for name, one in LOCK.items() if name}
    assert {name: one["version"] for name, one in locked.items()} == wished
    assert all(one["integrity"].startswith("sha512-") for one in locked.values())


def test_what_is_served_is_the_locked_file() -> None:
    if shutil.which("npm") is None:
        do_without("there is no npm on this machine")
    command = [sys.executable, "scripts/vendor.py", "--check"]
    checked = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_its_licence_is_beside_it() -> None:
    for folder in (ROOT / "web" / "vendor").iterdir():
        assert (folder / "LICENSE").is_file()
