"""The picture of `browser_sync`: everybody's error over time, one panel a run, as an SVG."""

from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.browser_looks import Run
from benchmarks.sync_page import FRAME

WIDTH, PANEL, GAP, LEFT, TOP = 920, 150, 46, 60, 34
PAUSE = 0.5  # s without a look
MOST = 60.0  # ms: the edge of a panel
Point = tuple[float, float]
COLOURS = ("#1f5fa8", "#c2410c", "#2e7d32", "#7b3fa0", "#b8860b", "#00838f")
INK, PALE, BAND = "#222222", "#6b6b6b", "#eef3f8"


def draw(runs: Sequence[Run]) -> str:
    height = TOP + len(runs) * (PANEL + GAP)
    seconds = max(_seconds(run) for run in runs)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" font-size="12">',
        "<title>How far each browser is from the room, in milliseconds, over time</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for number, run in enumerate(runs):
        parts += _panel(run, TOP + number * (PANEL + GAP), seconds)
    return "\n".join([*parts, "</svg>\n"])


def _seconds(run: Run) -> float:
    return max((looks[-1].at - run.began) / 1000 for looks in run.looks.values())


def _panel(run: Run, top: float, seconds: float) -> Iterator[str]:
    def x(second: float) -> float:
        return LEFT + second / seconds * (WIDTH - LEFT - 10)

    def y(ms: float) -> float:
        return top + PANEL / 2 - max(-MOST, min(MOST, ms)) / MOST * PANEL / 2

    spread = run.rows()["players, the first from the last"]
    title = f"{run.title}: the first from the last, p95 {spread.p95:.0f} ms"
    yield _text((LEFT, top - 8), title, INK)
    yield f'<rect x="{LEFT}" y="{y(FRAME):.1f}" width="{WIDTH - LEFT - 10}" ' + (
        f'height="{y(-FRAME) - y(FRAME):.1f}" fill="{BAND}"/>'
    )
    for ms in (FRAME, 0.0, -FRAME):
        yield _text((LEFT - 6, y(ms) + 4), f"{ms:+.0f} ms" if ms else "0", PALE, anchor="end")
    yield _line((x(0), y(0)), (x(seconds), y(0)), PALE)
    for command in run.commands:
        at = x((command.at - run.began) / 1000)
        yield _line((at, top), (at, top + PANEL), "#c8c8c8", dashed=True)
        yield _text((at + 3, top + PANEL + 13), command.kind, PALE)
    for number, errors in enumerate(run.errors().values()):
        for piece in _pieces(errors):
            points = " ".join(f"{x(second):.1f},{y(ms):.1f}" for second, ms in piece)
            colour = COLOURS[number % len(COLOURS)]
            yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1"/>'


def _pieces(errors: list[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    """Where nobody is held to anything there is no line."""
    piece: list[tuple[float, float]] = []
    for look in errors:
        if piece and look[0] - piece[-1][0] > PAUSE:
            yield piece
            piece = []
        piece.append(look)
    yield piece


def _line(start: Point, end: Point, colour: str, *, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="3 4"' if dashed else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}"{dashes}/>'
    )


def _text(at: Point, words: str, colour: str, *, anchor: str = "start") -> str:
    place = f'x="{at[0]:.1f}" y="{at[1]:.1f}" fill="{colour}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"
