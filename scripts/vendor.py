"""Copy what the page takes from npm into `web/vendor`, from where it is served without npm.

    python scripts/vendor.py            install by package-lock.json, and copy
    python scripts/vendor.py --check    copy nothing; fail where a file is not the one of the lock

npm holds each package to the hash in package-lock.json before it unpacks it.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
PACKAGES, VENDOR = ROOT / "node_modules", ROOT / "web" / "vendor"

# The light build has all that a video with one sound track needs, as an ES module. It is served
# as .js, since not every proxy knows that .mjs is JavaScript.
COPIES = {
    "hls.js/dist/hls.light.min.mjs": "hls.js/hls.light.min.js",
    "hls.js/LICENSE": "hls.js/LICENSE",
}


def main() -> None:
    subprocess.run(INSTALL, cwd=ROOT, check=True)
    if "--check" in sys.argv[1:]:
        if stale := differing():
            sys.exit(f"not the file of package-lock.json: {', '.join(stale)}")
        return
    for source, target in COPIES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        (VENDOR / target).write_bytes((PACKAGES / source).read_bytes())


def differing() -> list[str]:
    return [
        target
        for source, target in COPIES.items()
        if not (VENDOR / target).is_file()
        or (VENDOR / target).read_bytes() != (PACKAGES / source).read_bytes()
    ]


if __name__ == "__main__":
    main()
