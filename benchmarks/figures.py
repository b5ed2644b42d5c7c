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
from statistics import median
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
class Reach:
    """What is aimed at, and how far it is: in each round."""

    what: str
    wanted: str
    values: list[float]

    def text(self) -> str:
        said = f"{self.what} {shown(median(self.values))} (wanted: {self.wanted})"
        if len(self.values) == 1:
            return said
        low, high = shown(min(self.values)), shown(max(self.values))
        return f"{said}; the middle of {len(self.values)} rounds, {low} to {high}"


@dataclass
class Result:
    workload: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    reach: list[Reach] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, server: str, **figures: Any) -> None:
        self.rows.append({"server": server, **figures})

    def of(self, server: str) -> dict[str, Any]:
        return next((row for row in self.rows if row["server"] == server), {})

    def compare(self, figure: str, ours: str, theirs: str, wanted: str) -> None:
        """How our figure relates to another server's in this very run."""
        if self.of(ours).get(figure) and self.of(theirs).get(figure):
            ratio = self.of(ours)[figure] / self.of(theirs)[figure]
            self.reach.append(Reach(f"{figure}: {ours} / {theirs} =", wanted, [ratio]))

    def aim(self, figure: str, server: str, wanted: str) -> None:
        if figure in self.of(server):
            self.reach.append(Reach(f"{figure}: {server}", wanted, [self.of(server)[figure]]))

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
        below = [f"- {line}" for line in (*(one.text() for one in self.reach), *self.notes)]
        return "\n".join([self.table(), *([""] if below else []), *below])


def middle(rounds: Sequence[Result]) -> Result:
    """The middle of each figure; and of each ratio, which is of two figures of the same round:
    what disturbs a machine for a minute disturbs both."""
    whole = Result(rounds[0].workload)
    for title in dict.fromkeys(row["server"] for one in rounds for row in one.rows):
        whole.rows.append(_middle_row([row for one in rounds if (row := one.of(title))]))
    for what, wanted in dict.fromkeys((it.what, it.wanted) for one in rounds for it in one.reach):
        values = [v for one in rounds for it in one.reach if it.what == what for v in it.values]
        whole.reach.append(Reach(what, wanted, values))
    for note in (note for one in rounds for note in one.notes):
        whole.note(note)
    return whole


def _middle_row(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Numbers have a middle; what is a text is the last round's."""
    numbers = {name for name, value in rows[-1].items() if isinstance(value, float)}
    return rows[-1] | {name: median(row[name] for row in rows) for name in numbers}


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


def command(
    workload: str, measure: Measure, about: str | None, *, seconds: float = 5.0, rounds: int = 1
) -> None:
    """Run as `python -m benchmarks.<workload>`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--seconds", type=float, default=seconds, help="to measure each server for")
    parser.add_argument("--rounds", type=int, default=rounds, help="of which the middle counts")
    parser.add_argument("--small", action="store_true", help="a handful of sockets: does it run?")
    parser.add_argument("--given", action="store_true", help="use the environment's database")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    # Ended from outside as by Ctrl-C: the servers end, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    wish = Wish(options.seconds, options.small, options.given)
    result = uvloop.run(_in_rounds(workload, measure, wish, 1 if wish.small else options.rounds))
    sys.stdout.write(f"{result.text()}\n")
    if options.json:
        figures = asdict(result) | {"text": result.text()}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


async def _in_rounds(workload: str, measure: Measure, wish: Wish, count: int) -> Result:
    rounds = [Result(workload) for _ in range(count)]
    for result in rounds:
        await _bounded(measure, wish, result)
    return middle(rounds)


async def _bounded(measure: Measure, wish: Wish, result: Result) -> None:
    try:
        async with asyncio.timeout(LONGEST):
            await measure(wish, result)
    except TimeoutError:
        if not result.rows:
            raise
        result.note(f"after {LONGEST:.0f} s the time was up: the rest was not measured")
