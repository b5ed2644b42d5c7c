"""How the players in a room are, as far as this process has heard: never kept, never certain."""

from collections import defaultdict, deque
from collections.abc import Iterable
from math import ceil
from uuid import UUID

from msgspec import Struct

FORGET = 60_000  # ms: who has said nothing for so long has nothing to say
LATELY = 60  # readings of a member that its percentiles are made of


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


Readings = defaultdict[UUID, dict[UUID, Reading]]  # by room and connection


def _lately() -> deque[float]:
    return deque(maxlen=LATELY)


class Telemetry:
    """The newest reading of each connection, by room, and which of them are news."""

    def __init__(self) -> None:
        self._rooms: Readings = defaultdict(dict)
        self._changed: Readings = defaultdict(dict)
        self._offsets: defaultdict[UUID, deque[float]] = defaultdict(_lately)

    def note(self, room_id: UUID, *readings: Reading) -> None:
        for reading in readings:
            self._rooms[room_id][reading.connection_id] = reading
            self._changed[room_id][reading.connection_id] = reading
            if reading.offset is not None:
                self._offsets[reading.member_id].append(abs(reading.offset))

    def distances(self, member_id: UUID) -> list[float]:
        """How far (ms) the member's player has been from the timeline, lately."""
        return list(self._offsets.get(member_id, ()))

    def take_changed(self) -> dict[UUID, list[Reading]]:
        """What has come since the last time, by room."""
        changed, self._changed = self._changed, defaultdict(dict)
        return {room_id: list(readings.values()) for room_id, readings in changed.items()}

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
