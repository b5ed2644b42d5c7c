"""How the players in a room are, as far as this process has heard: never kept, never certain."""

from collections import deque
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


class Telemetry:
    """The newest reading of each connection, by room, and which of them are news."""

    def __init__(self) -> None:
        self._rooms: dict[UUID, dict[UUID, Reading]] = {}
        self._changed: dict[UUID, dict[UUID, Reading]] = {}
        self._offsets: dict[UUID, deque[float]] = {}

    def note(self, room_id: UUID, readings: Iterable[Reading]) -> None:
        for reading in readings:
            self._rooms.setdefault(room_id, {})[reading.connection_id] = reading
            self._changed.setdefault(room_id, {})[reading.connection_id] = reading
            if reading.offset is not None:
                lately = self._offsets.setdefault(reading.member_id, deque(maxlen=LATELY))
                lately.append(abs(reading.offset))

    def distances(self, member_id: UUID) -> list[float]:
        """How far (ms) the member's player has been from the timeline, lately."""
        return list(self._offsets.get(member_id, ()))

    def take_changed(self) -> dict[UUID, list[Reading]]:
        """What has come since the last time, by room."""
        changed, self._changed = self._changed, {}
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
        kept = set(room_ids)
        self._rooms = {id: readings for id, readings in self._rooms.items() if id in kept}
        here = {r.member_id for readings in self._rooms.values() for r in readings.values()}
        self._offsets = {id: lately for id, lately in self._offsets.items() if id in here}


def percentile(values: Iterable[float], share: float) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    ranked = sorted(values)
    if not ranked:
        return None
    return ranked[max(0, ceil(share * len(ranked)) - 1)]
