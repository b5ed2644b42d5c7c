"""How the players in a room are, as far as this process has heard: never kept, never certain."""

from collections import defaultdict, deque
from collections.abc import Iterable
from math import ceil
from uuid import UUID

from msgspec import Struct

FORGET = 60_000  # ms: who has said nothing for so long has nothing to say
LATELY = 60  # readings of a member that its percentiles are made of
FRAME = 40  # ms, of video: who moved by no more is where it was
ROUTINE = 3  # times that such a reading may be left for the next time when all is told


class Reading(Struct, frozen=True, array_like=True):
    """What one connection said of its player; times in milliseconds, positions in seconds."""

    member_id: UUID
    connection_id: UUID
    at: int
    state: str
    position: float | None = None
    rate: float | None = None
    offset: float | None = None
    round_trip: float | None = None

    def differs_from(self, before: "Reading | None") -> bool:
        """By what the others would notice."""
        if before is None or (self.state, self.rate) != (before.state, before.rate):
            return True
        if self.offset is None or before.offset is None:
            return self.offset is not before.offset
        return abs(self.offset - before.offset) >= FRAME


Readings = defaultdict[UUID, dict[UUID, Reading]]  # by room and connection


def _lately() -> deque[float]:
    return deque(maxlen=LATELY)


class Telemetry:
    """The newest reading of each connection, by room, and which of them are news."""

    def __init__(self) -> None:
        self._rooms: Readings = defaultdict(dict)
        self._changed: Readings = defaultdict(dict)
        self._patience: dict[UUID, int] = {}  # by room, how often it may be left out
        self._offsets: defaultdict[UUID, deque[float]] = defaultdict(_lately)

    def note(self, room_id: UUID, *readings: Reading, patience: int = ROUTINE) -> None:
        """`patience` is for those that bring nothing new: who has had some already gets none."""
        known, changed = self._rooms[room_id], self._changed[room_id]
        for reading in readings:
            before = known.get(reading.connection_id)
            known[reading.connection_id] = changed[reading.connection_id] = reading
            wait = 0 if reading.differs_from(before) else patience
            self._patience[room_id] = min(wait, self._patience.get(room_id, ROUTINE))
            if reading.offset is not None:
                self._offsets[reading.member_id].append(abs(reading.offset))

    def distances(self, member_id: UUID) -> list[float]:
        """How far (ms) the member's player has been from the timeline, lately."""
        return list(self._offsets.get(member_id, ()))

    def take_changed(self) -> dict[UUID, list[Reading]]:
        """What has come, by room: the next time where anything differs from what was known, else
        with what follows, soon. Most of an evening all that players say is that all is well."""
        due = [room_id for room_id, patience in self._patience.items() if not patience]
        for room_id in due:
            del self._patience[room_id]
        for room_id in self._patience:
            self._patience[room_id] -= 1
        return {room_id: list(self._changed.pop(room_id).values()) for room_id in due}

    def of_room(self, room_id: UUID, now: int) -> list[Reading]:
        """The newest reading of each member; of several connections, the newest."""
        readings = self._rooms.get(room_id, {}).values()
        by_member: dict[UUID, Reading] = {}
        for reading in sorted(readings, key=lambda reading: reading.at):
            if now - reading.at <= FORGET:
                by_member[reading.member_id] = reading
        return list(by_member.values())

    def forget(self, room_id: UUID, connection_id: UUID) -> None:
        self._rooms.get(room_id, {}).pop(connection_id, None)

    def keep_only(self, room_ids: Iterable[UUID]) -> None:
        for room_id in self._rooms.keys() - set(room_ids):
            del self._rooms[room_id]
        here = {r.member_id for readings in self._rooms.values() for r in readings.values()}
        for member_id in self._offsets.keys() - here:
            del self._offsets[member_id]


def percentile(values: Iterable[float], share: float) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    ranked = sorted(values)
    if not ranked:
        return None
    return ranked[max(0, ceil(share * len(ranked)) - 1)]
