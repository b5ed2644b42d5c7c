"""What pages have noted of their players, held against the room's timeline."""

import bisect
import time
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from msgspec import Struct, field
from syncplay_client.timeline import Timeline

from benchmarks.sync_page import FRAME, Figures, figures

SETTLE = 1_000.0  # ms after a command: until then nobody is held to it
HOLD = 1_000.0  # ms for which one must stay in step to count as settled
LOOK_EVERY = 100.0  # ms

# Put into each page: it notes where the player is, and asks nothing of the page's own parts.
INSTALL = """() => {
    window.looks = [];
    let watched = null;
    let shown = null;
    const now = () => performance.timeOrigin + performance.now();
    const see = (_, picture) => {
        shown = [performance.timeOrigin + picture.expectedDisplayTime, picture.mediaTime];
        watched.requestVideoFrameCallback(see);
    };
    setInterval(() => {
        const video = document.querySelector("#picture video");
        if (video && video !== watched) {
            watched = video;
            watched.requestVideoFrameCallback(see);
        }
        if (video) window.looks.push([now(), video.currentTime, video.paused, shown]);
    }, 20);
}"""


class Look(NamedTuple):
    """Where a player was at an instant of the machine's clock (ms, s)."""

    at: float
    position: float
    is_paused: bool
    shown_at: float | None  # when the newest picture came to the screen, and which it was
    shown: float | None


class Command(NamedTuple):
    kind: str
    at: float


class Reign(NamedTuple):
    """A timeline, and from which instant of the machine's clock on it holds."""

    begins: float
    timeline: Timeline


def wall() -> float:
    """The clock that all processes of a machine share, in milliseconds."""
    return time.time() * 1000


def look_from(noted: list[object]) -> Look:
    at, position, is_paused, shown = noted
    shown_at, picture = shown if isinstance(shown, list) else (None, None)
    return Look(float(str(at)), float(str(position)), bool(is_paused), shown_at, picture)


class Truth(Struct):
    """The room's timelines, one after another, as the witness was told of them."""

    reigns: list[tuple[float, Timeline]] = []  # by the server's clock
    ahead: list[float] = []  # the server's clock from the machine's, often

    def see(self, timeline: Timeline, ahead: float) -> None:
        self.ahead.append(ahead)
        if not self.reigns or self.reigns[-1][1] != timeline:
            self.reigns.append((timeline.at, timeline))

    def by_machine(self) -> list[Reign]:
        ahead = median(self.ahead)
        return [
            Reign(at - ahead, Timeline(t.position, t.at - ahead, t.playing, t.rate))
            for at, t in self.reigns
        ]


class Run(Struct):
    members: int
    line: str = "no delay"
    began: float = 0.0
    truth: Truth = field(default_factory=Truth)
    commands: list[Command] = []
    looks: dict[str, list[Look]] = {}

    @property
    def title(self) -> str:
        return f"{self.members} browsers, {self.line}"

    def rows(self) -> dict[str, Figures]:
        errors = self.errors()
        settled = [ms for kind, ms in self.settled() if kind in {"play", "seek"}]
        return {
            "player, from the room": figures([e for one in errors.values() for _, e in one]),
            "players, the first from the last": figures(self.spreads()),
            "picture, from the player": figures(list(self._pictures())),
            "from a press until all are within 33 ms": figures(settled),
        }

    def errors(self) -> dict[str, list[tuple[float, float]]]:
        """Ten times a second (s from the beginning, ms ahead), while the room plays in peace."""
        return {name: list(self._thinned(looks)) for name, looks in self.looks.items()}

    def _thinned(self, looks: list[Look]) -> Iterator[tuple[float, float]]:
        judge, due = Judge(self), 0.0
        for look in looks:
            if look.at >= due and judge.is_held(look.at):
                due = look.at + LOOK_EVERY - 5
                yield (look.at - self.began) / 1000, judge.error(look)

    def spreads(self) -> list[float]:
        """Of all at one instant, ten times a second: the first less the last."""
        judge = Judge(self)
        ends = min(looks[-1].at for looks in self.looks.values())
        found = []
        for step in range(int((ends - self.began) / LOOK_EVERY)):
            at = self.began + step * LOOK_EVERY
            if judge.is_held(at):
                errors = [judge.error(_nearest(looks, at)) for looks in self.looks.values()]
                found.append(max(errors) - min(errors))
        return found

    def settled(self) -> list[tuple[str, float]]:
        """Of each command: how long after the press everybody was in step, and stayed (ms)."""
        judge = Judge(self)
        until = [command.at for command in self.commands[1:]] + [float("inf")]
        return [
            (
                command.kind,
                max(self._in_step(looks, command, end, judge) for looks in self.looks.values()),
            )
            for command, end in zip(self.commands, until, strict=True)
        ]

    @staticmethod
    def _in_step(looks: list[Look], command: Command, end: float, judge: "Judge") -> float:
        begins = judge.begins_after(command.at)
        settled = begins
        for look in looks:
            if begins <= look.at < min(end, settled + HOLD) and abs(judge.error(look)) > FRAME:
                settled = look.at
        return settled - command.at

    def _pictures(self) -> Iterator[float]:
        judge = Judge(self)
        for looks in self.looks.values():
            for look in looks:
                if look.shown_at is None or look.shown is None or not judge.is_held(look.at):
                    continue
                elapsed = (look.at - look.shown_at) * judge.timeline(look.at).rate
                yield look.shown * 1000 + elapsed - look.position * 1000


class Judge:
    """Knows where the video should be."""

    def __init__(self, run: Run) -> None:
        self._reigns = run.truth.by_machine()
        self._begins = [reign.begins for reign in self._reigns]
        self._presses = [command.at for command in run.commands]

    def timeline(self, at: float) -> Timeline:
        return self._reigns[max(0, bisect.bisect_right(self._begins, at) - 1)].timeline

    def begins_after(self, at: float) -> float:
        """When the timeline begins that a command, pressed then, has made."""
        number = bisect.bisect_right(self._begins, at)
        return self._begins[number] if number < len(self._begins) else at

    def is_held(self, at: float) -> bool:
        number = bisect.bisect_right(self._presses, at)
        pressed = self._presses[number - 1] if number else float("-inf")
        timeline = self.timeline(at)
        return timeline.is_moving_at(at) and at >= max(pressed, timeline.at) + SETTLE

    def error(self, look: Look) -> float:
        """How far ahead of the room the player is, in milliseconds of time."""
        timeline = self.timeline(look.at)
        return (look.position - timeline.position_at(look.at)) * 1000 / timeline.rate


def _nearest(looks: list[Look], at: float) -> Look:
    number = bisect.bisect_left(looks, at, key=lambda look: look.at)
    return min(looks[max(0, number - 1) : number + 1], key=lambda look: abs(look.at - at))
