"""One command a workload: its options, its figures as a table and as JSON."""

import argparse
import asyncio
import json
import resource
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.cpu import Used

LONGEST = 150.0  # seconds that one workload may take
WHOLE = 100.0  # from here on fractions say nothing
BUSY = 0.9  # of a core: more is no measurement of somebody else


@dataclass(frozen=True)
class Wish:
    """How long to measure each server, and whether to do so with a handful of sockets only."""

    seconds: float
    small: bool
    given: bool  # on the database that the environment names, instead of fresh ones

    def size(self, full: int, small: int) -> int:
        return small if self.small else full


@dataclass
class Result:
    workload: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    reach: list[str] = field(default_factory=list)  # what is aimed at, and how far it is
    notes: list[str] = field(default_factory=list)

    def add(self, server: str, **figures: Any) -> None:
        self.rows.append({"server": server, **figures})

    def of(self, server: str) -> dict[str, Any]:
        return next((row for row in self.rows if row["server"] == server), {})

    def compare(self, figure: str, ours: str, theirs: str, wanted: str) -> None:
        """How our figure relates to another server's in this very run."""
        if self.of(ours).get(figure) and self.of(theirs).get(figure):
            ratio = self.of(ours)[figure] / self.of(theirs)[figure]
            self.reach.append(f"{figure}: {ours} / {theirs} = {ratio:.2f} (wanted: {wanted})")

    def aim(self, figure: str, server: str, wanted: str) -> None:
        if figure in self.of(server):
            self.reach.append(f"{figure}: {server} {shown(self.of(server)[figure])} ({wanted})")

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def judge_load(self, server: str, used: Used) -> None:
        """Say so where the load, and not the server, was what had no time left."""
        if used.load_share > BUSY:
            share = f"{used.load_share:.0%} of its core"
            self.note(f"{server}: the load itself was the limit ({share}); CPU figures still hold")

    def table(self) -> str:
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        cells = [names] + [[shown(row.get(name)) for name in names] for row in self.rows]
        widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
        lines = [_line(line, widths) for line in cells]
        rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        return "\n".join([lines[0], rule, *lines[1:]])

    def text(self) -> str:
        below = [f"- {line}" for line in (*self.reach, *self.notes)]
        return "\n".join([self.table(), *([""] if below else []), *below])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
    numbers = [f"{cell.strip():>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
    return f"| {' | '.join([first, *numbers])} |"


def shown(value: Any) -> str:
    if value is None:
        return "-"
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if value >= WHOLE else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def latencies(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    return {
        "p50 ms": percentile(seconds, 0.5) * 1000,
        "p99 ms": percentile(seconds, 0.99) * 1000,
    }


Measure = Callable[[Wish, Result], Awaitable[None]]


def command(workload: str, measure: Measure, about: str | None, seconds: float = 5.0) -> None:
    """Run as `python -m benchmarks.<workload>`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--seconds", type=float, default=seconds, help="to measure each server for")
    parser.add_argument("--small", action="store_true", help="a handful of sockets: does it run?")
    parser.add_argument("--given", action="store_true", help="use the environment's database")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    # Ended from outside as by Ctrl-C: the servers end, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    wish, result = Wish(options.seconds, options.small, options.given), Result(workload)
    uvloop.run(_bounded(measure, wish, result))
    sys.stdout.write(f"{result.text()}\n")
    if options.json:
        options.json.write_text(json.dumps(asdict(result), indent=2) + "\n")


async def _bounded(measure: Measure, wish: Wish, result: Result) -> None:
    try:
        async with asyncio.timeout(LONGEST):
            await measure(wish, result)
    except TimeoutError:
        if not result.rows:
            raise
        result.note(f"after {LONGEST:.0f} s the time was up: the rest was not measured")
