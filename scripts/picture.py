"""Write `docs/sync.svg`, the picture of docs/sync.md: how a clock is read, and a start scheduled.

Where the start lies is what the code makes of the round trips in the picture. `--check` writes
nothing, and fails where the file is not what it would write.
"""

import sys
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "sync.svg"
sys.path.insert(0, str(ROOT))

from syncplay_backend.domain.people import Connection, Member  # noqa: E402
from syncplay_backend.domain.starting import lead  # noqa: E402
from syncplay_backend.domain.state import Room  # noqa: E402

# Milliseconds from the left edge, and there and back.
ASKED, ANSWERED_AFTER, PRESSED, END = 20, 8, 150, 530
TRIPS = {"Alice": 80, "Bob": 240, "Charlie": 120}
PRECISE = ("Alice", "Bob")
LANES = {"Server": 70, "Alice": 150, "Bob": 220, "Charlie": 290}
LEFT, SCALE, WIDTH, HEIGHT = 130, 1.45, 930, 350
INK, PALE, BLUE, GREEN = "#222222", "#6b6b6b", "#1f5fa8", "#2e7d32"


def main() -> None:
    text = picture()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text)
    elif not FILE.exists() or FILE.read_text() != text:
        sys.exit(f"{FILE.relative_to(ROOT)} is not up to date: python scripts/picture.py")


def picture() -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="13">\n'
        "<title>Four stamps make an offset; a start lies far enough ahead for all</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
    )
    drawn = [*lanes(), *reading_the_clock(), *scheduling_a_start()]
    return head + "\n".join(drawn) + "\n</svg>\n"


def lanes() -> list[str]:
    kinds = {"Server": "one clock", "Charlie": "contract: no clock"}
    drawn = []
    for name, y in LANES.items():
        kind = kinds.get(name) or f"{TRIPS[name]} ms there and back"
        drawn += [
            line((0, y), (END, y), PALE),
            text((-8, y + 2), name, INK, anchor="end"),
            text((-8, y + 15), kind, PALE, anchor="end", size=10),
        ]
    return drawn


def reading_the_clock() -> list[str]:
    half = TRIPS["Alice"] / 2
    t1 = ASKED + half
    t2 = t1 + ANSWERED_AFTER
    stamps = {"t0": ASKED, "t1": t1, "t2": t2, "t3": t2 + half}
    server, alice = LANES["Server"], LANES["Alice"]
    drawn = [
        arrow((ASKED, alice), (t1, server), BLUE),
        arrow((t2, server), (t2 + half, alice), BLUE),
        text((ASKED, 30), "1. What time is it?", BLUE),
    ]
    for name, at in stamps.items():
        is_servers = name in ("t1", "t2")
        anchor = "end" if name == "t1" else "middle"
        place = (at, server - 8 if is_servers else alice + 17)
        drawn.append(text(place, name, BLUE, anchor=anchor))
    return drawn


def scheduling_a_start() -> list[str]:
    told = PRESSED + TRIPS["Alice"] / 2
    at = told + lead(room())
    server = LANES["Server"]
    drawn = [
        text((PRESSED, 30), "2. Play!", GREEN),
        arrow((PRESSED, LANES["Alice"]), (told, server), GREEN),
        line((at, 40), (at, HEIGHT - 30), GREEN, dashed=True),
        line((told, server - 18), (at, server - 18), GREEN),
        text(((told + at) / 2, server - 24), "the lead", GREEN, anchor="middle"),
        text((at, 30), "at: all begin", GREEN, anchor="middle"),
    ]
    for name, y in LANES.items():
        if name == "Server":
            continue
        sent = told if name in PRECISE else at - TRIPS[name] / 2
        drawn += [
            arrow((sent, server), (sent + TRIPS[name] / 2, y), GREEN),
            f'<rect x="{x(at):.0f}" y="{y - 5}" width="{x(END) - x(at):.0f}" height="10" '
            f'fill="{GREEN}"/>',
        ]
    note = "Charlie knows no clock: the server waits for him, half a round trip before it is due."
    return [*drawn, text((0, HEIGHT - 12), note, PALE, size=11)]


def room() -> Room:
    """Of those whom the server has measured."""
    members = [
        Member(UUID(int=n), name, b"", 0, connections=(connection(n, name),))
        for n, name in enumerate(PRECISE, 1)
    ]
    return Room(UUID(int=0), "", 0, UUID(int=0), members={one.id: one for one in members})


def connection(n: int, name: str) -> Connection:
    return Connection(UUID(int=n), "", 0, 0, precise=True, round_trip=TRIPS[name])


Point = tuple[float, float]  # milliseconds, pixels


def x(ms: float) -> float:
    return LEFT + ms * SCALE


def line(start: Point, end: Point, colour: str, *, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<line x1="{x(start[0]):.0f}" y1="{start[1]:.0f}" x2="{x(end[0]):.0f}" '
        f'y2="{end[1]:.0f}" stroke="{colour}" stroke-width="1.5"{dashes}/>'
    )


def arrow(start: Point, end: Point, colour: str) -> str:
    """A line with a dot where it arrives."""
    dot = f'<circle cx="{x(end[0]):.0f}" cy="{end[1]:.0f}" r="3.5" fill="{colour}"/>'
    return f"{line(start, end, colour)}\n{dot}"


def text(at: Point, words: str, colour: str, *, anchor: str = "start", size: int = 13) -> str:
    return (
        f'<text x="{x(at[0]):.0f}" y="{at[1]:.0f}" fill="{colour}" '
        f'text-anchor="{anchor}" font-size="{size}">{words}</text>'
    )


if __name__ == "__main__":
    main()
