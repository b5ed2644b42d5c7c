"""Every workload, one after another, into benchmarks/results.md.

python -m benchmarks.report
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

WORKLOADS = ("stadium", "storm", "party_night", "doors", "memory", "two_workers", "growth")
FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.md"
LONGEST = 170  # seconds for one of them; its own bound comes first

ABOUT = """\
# What it costs

Measured by `make bench` on one machine; each baseline in the same minutes as SyncPlay. The figures
are CPU seconds of the server's own processes as Linux counts them, so that a busy machine spoils
times and not costs. The server has one core, the load another; PostgreSQL and Valkey, where they
take part, are shown beside. What each workload is, its file in this folder says at its top.
"""


def main() -> None:
    parts = [ABOUT, machine()]
    failed = False
    for name in WORKLOADS:
        text = part(name)
        failed = failed or text is None
        parts.append(f"## {name.replace('_', ' ').capitalize()}\n\n{text or 'It failed.'}")
    RESULTS.write_text("\n\n".join(part.strip() for part in parts) + "\n")
    sys.stdout.write(f"written: {RESULTS}\n")
    sys.exit(failed)


def part(name: str) -> str | None:
    """Run a workload in a process of its own; None: it failed, and has said why."""
    sys.stdout.write(f"\n{name}\n")
    sys.stdout.flush()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        run = subprocess.Popen([sys.executable, "-m", f"benchmarks.{name}", "--json", file.name])
        try:
            if run.wait(LONGEST):
                return None
        except BaseException as stopped:
            run.terminate()
            run.wait()
            if isinstance(stopped, subprocess.TimeoutExpired):
                return None
            raise
        text: str = json.loads(Path(file.name).read_text())["text"]
        return text


def machine() -> str:
    cores = len(os.sched_getaffinity(0))
    facts = {
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _commit(),
        "machine": f"{_processor()}, {cores} cores, {platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "busy before": f"load average {os.getloadavg()[0]:.1f}",
    }
    rows = [f"| {name} | {fact} |" for name, fact in facts.items()]
    return "\n".join(["| | |", "|---|---|", *rows])


def _commit() -> str:
    def git(*words: str) -> str:
        command = ["git", "-C", str(FOLDER), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    changed = " and changes that are in no commit" if git("status", "--porcelain") else ""
    return (git("rev-parse", "--short", "HEAD") or "none") + changed


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
