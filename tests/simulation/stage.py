"""One run: who is there, what happens when, and how far everybody was from the room."""

from collections.abc import Callable

from msgspec import Struct

from syncplay_backend.domain.policy import WaitFor
from tests.simulation.member import Character, Member
from tests.simulation.server import Server
from tests.simulation.virtual_time import VirtualTime

SECOND = 1_000.0
# What the server's clock shows when the run begins: so that members' clocks are years off, too.
DAWN = 1_700_000_000_000
MEASURED_EVERY = 50.0  # ms


class ServersTime:
    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self.after = time.after

    def now(self) -> float:
        return DAWN + self._time.now


class Measurement(Struct, frozen=True):
    """One member at one instant."""

    at: float  # ms of the run
    error: float  # ms ahead of the room
    excused: str  # why it need not be in step: "", "command", "arrival", "stall", "away"
    moving: bool  # whether the room plays: a picture that stands is easily right


class Stage:
    def __init__(self, length: float, wait: WaitFor = WaitFor.NEVER) -> None:
        self.length = length
        self.time = VirtualTime()
        self.server = Server(ServersTime(self.time), wait)
        self.members: dict[str, Member] = {}
        self.measured: dict[str, list[Measurement]] = {}
        self.commands: list[float] = []
        self._timeline = self.server.room.timeline
        self._stalled_until: dict[str, float] = {}

    def add(self, character: Character, at: float) -> Member:
        member = self.members[character.name] = Member(self, character)
        self.measured[character.name] = []
        self.time.at(at, member.come)
        return member

    def at(self, instant: float, deed: Callable[[], None]) -> None:
        self.time.at(instant, deed)

    def stall(self, member: Member, duration: float) -> None:
        member.stall(duration)
        self._stalled_until[member.name] = self.time.now + duration

    def run(self) -> None:
        self.time.at(0, self._measure)
        self.time.run_until(self.length)

    def _measure(self) -> None:
        now = self.time.now
        self._note_commands(now)
        room_position = self.server.position()
        timeline = self.server.room.timeline
        moving = timeline.playing and DAWN + now >= timeline.at
        for name, member in self.members.items():
            error = (member.player.true_position - room_position) / timeline.rate * 1000
            excuse = self._excuse(member, now)
            self.measured[name].append(Measurement(now, error, excuse, moving))
        self.time.after(MEASURED_EVERY, self._measure)

    def _note_commands(self, now: float) -> None:
        if self.server.room.timeline != self._timeline:
            self._timeline = self.server.room.timeline
            self.commands.append(max(now, self._timeline.at - DAWN))

    def _excuse(self, member: Member, now: float) -> str:
        if not member.is_in:
            return "away"
        if now < member.settled_from + 3 * SECOND:
            return "arrival"
        if now < self._stalled_until.get(member.name, -2 * SECOND) + 2 * SECOND:
            return "stall"
        if self.commands and now < self.commands[-1] + 2 * SECOND:
            return "command"
        return ""
