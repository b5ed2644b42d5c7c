"""What both benchmarks of the step share: figures, tables, a picture, a place in the docs."""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[1] / "docs" / "sync.md"
FRAME = 33.0  # ms: one picture of a film
NOBODY = float("nan")


class Figures(NamedTuple):
    """Milliseconds, whichever way."""

    p50: float
    p95: float
    max: float


def figures(errors: Sequence[float]) -> Figures:
    sizes = sorted(map(abs, errors)) or [NOBODY]
    return Figures(sizes[len(sizes) // 2], sizes[int(len(sizes) * 0.95)], sizes[-1])


def table(title: str, rows: Mapping[str, Figures]) -> str:
    """For a terminal."""
    lines = [f"{title:<34} {'p50':>8} {'p95':>8} {'max':>8}"]
    lines += [f"{name:<34} {f.p50:8.1f} {f.p95:8.1f} {f.max:8.1f}" for name, f in rows.items()]
    return "\n".join(lines) + "\n"


def markdown(title: str, rows: Mapping[str, Figures]) -> str:
    lines = [f"| {title} | p50 | p95 | max |", "|---|---|---|---|"]
    lines += [f"| {name} | {f.p50:.1f} | {f.p95:.1f} | {f.max:.1f} |" for name, f in rows.items()]
    return "\n".join(lines) + "\n"


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def fill(place: str, text: str) -> None:
    """Write what was measured where docs/sync.md has a place for it."""
    begin, end = f"<!-- measured: {place} -->\n", "<!-- /measured -->"
    pattern = re.compile(f"({re.escape(begin)}).*?({re.escape(end)})", re.DOTALL)
    page, count = pattern.subn(lambda found: found[1] + text + found[2], PAGE.read_text())
    if count != 1:
        raise LookupError(f"{PAGE.name} has no place for {place}")
    PAGE.write_text(page)


def draw(
    path: str,
    title: str,
    errors: Mapping[str, Sequence[tuple[float, float]]],
    commands: Sequence[float],
) -> None:
    """Everybody's error (second, ms) over time; not a number where somebody is away."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(12, 6), layout="constrained")
    axes.axhspan(-FRAME, FRAME, color="0.93", label="one frame (33 ms)")
    for second in commands:
        axes.axvline(second, color="0.75", linewidth=0.8, linestyle=":")
    for name, measured in errors.items():
        axes.plot(*zip(*measured, strict=True), linewidth=0.7, label=name)
    axes.margins(x=0)
    axes.set(
        ylim=(-150, 150),
        xlabel="seconds; dotted: a command",
        ylabel="ahead of the room, milliseconds",
        title=title,
    )
    axes.legend(fontsize=6, ncols=7, loc="lower center")
    figure.savefig(path, dpi=120)
