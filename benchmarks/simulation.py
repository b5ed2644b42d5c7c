"""An evening of twenty people in virtual time: how far is everybody from the room?

    python -m benchmarks.simulation [--seeds 100] [--plot simulation.png] [--docs]

The picture needs matplotlib (dependency group `bench` of clients/python), the tables nothing.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "clients" / "python")]

from benchmarks.sync_page import NOBODY, Figures, draw, figures, fill, markdown, table  # noqa: E402
from tests.simulation.evening import evening  # noqa: E402
from tests.simulation.stage import SECOND, Measurement, Stage  # noqa: E402

ASYMMETRIES = (0.0, 20.0, 40.0, 80.0)
PICTURED = 1  # the seed
TITLE = "Everybody's error: 20 members, round trips 20-400 ms, clocks off by 2 s and drifting"


def main(arguments: Sequence[str] | None = None) -> None:
    wish = _wish(arguments)
    pictured = _played(PICTURED)
    _write(_members_table(pictured))
    evenings = _evenings(wish.seeds)
    uneven = {f"… by up to {off:.0f} ms": _all(_played(1, off)) for off in ASYMMETRIES}
    _write(table(f"{wish.seeds} evenings, ms", evenings))
    _write(table("one way always longer than the other", uneven))
    if wish.docs:
        fill("simulation", _paragraph(wish.seeds, evenings, uneven))
    if wish.plot:
        _draw(pictured, wish.plot)


def _wish(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How far is everybody from the room?")
    parser.add_argument("--seeds", type=int, default=5, help="how many evenings, 1.5 s each")
    parser.add_argument("--plot", help="a PNG to draw an evening into")
    parser.add_argument("--docs", action="store_true", help="write the figures into docs/sync.md")
    return parser.parse_args(arguments)


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")


def _played(seed: int, asymmetry: float = 10.0) -> Stage:
    stage = evening(seed, asymmetry=asymmetry)
    stage.run()
    return stage


def _held(measured: list[Measurement]) -> list[float]:
    """While the room plays, and beyond two seconds after a command, a stall and the like."""
    return [m.error for m in measured if m.moving and not m.excused]


def _all(stage: Stage) -> Figures:
    return figures([error for measured in stage.measured.values() for error in _held(measured)])


def _evenings(seeds: int) -> dict[str, Figures]:
    played = [_all(_played(seed)) for seed in range(seeds)]
    middle = (sorted(column)[len(played) // 2] for column in zip(*played, strict=True))
    worst = map(max, zip(*played, strict=True))
    return {"the middle one of all evenings": Figures(*middle), "the worst": Figures(*worst)}


def _members_table(stage: Stage) -> str:
    rows = {}
    for name, member in stage.members.items():
        weather = member.character.weather
        line = f"{weather.round_trip:4.0f} ms, jitter {weather.up.jitter:2.0f}"
        rows[f"{name:<10} {line}"] = figures(_held(stage.measured[name]))
    return table(f"one evening (seed {PICTURED}), ms", rows)


def _paragraph(seeds: int, evenings: dict[str, Figures], uneven: dict[str, Figures]) -> str:
    return (
        f"`python -m benchmarks.simulation --seeds {seeds}`; of each evening the figure, and of "
        f"these the middle and the worst. The simulation is exact: it gives the same everywhere."
        f"\n\n{markdown('error, ms', evenings)}\n"
        "What no clock can see, a way that is always longer than the way back (the evenings above "
        "have up to 10 ms of it):\n\n"
        f"{markdown('one way longer than the other', uneven)}"
    )


def _draw(stage: Stage, path: str) -> None:
    errors = {
        name: [(m.at / SECOND, NOBODY if m.excused == "away" else m.error) for m in measured]
        for name, measured in stage.measured.items()
    }
    draw(path, TITLE, errors, [instant / SECOND for instant in stage.commands])
    _write(f"drawn: {path}")


if __name__ == "__main__":
    main()
