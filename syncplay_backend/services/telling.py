"""How the players in a room are: told to its members and to the other processes, each second."""

from collections.abc import Iterable
from uuid import UUID

from syncplay_backend.domain import wire
from syncplay_backend.domain.views import MemberStatus
from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.post import Bundle
from syncplay_backend.live.telemetry import Reading
from syncplay_backend.rooms import leases
from syncplay_backend.services.execute import answered, submit_chore
from syncplay_backend.services.process import Process

IDLE = 60_000  # ms: a start need not be early enough for who has been silent for so long
NOTABLE = 10  # ms: by how much a round trip must differ to be written down anew


class Teller:
    def __init__(self, process: Process) -> None:
        self._process = process
        self._noted: dict[UUID, int | None] = {}

    async def tell_statuses(self) -> None:
        """Merged, and at most once a second: what has changed."""
        hub = self._process.hub
        for room_id, readings in self._process.telemetry.take_changed().items():
            hub.tell(room_id, "status", wire.status(statuses(readings)))
            local = hub.rooms.get(room_id)
            ours = [r for r in readings if local and r.connection_id in local.connections]
            if ours:
                bundle = Bundle(room_id, self._process.post.channel, readings=ours)
                self._process.post.send_bundle(bundle)
        self._process.telemetry.keep_only(hub.rooms)

    async def note_round_trips(self) -> None:
        """Keep with the leases how long a frame takes, for whoever schedules a start."""
        now = clock.now()
        connections = [c for c in self._process.hub.connections() if c.is_precise]
        trips = {c.id: _round_trip(c, now) for c in connections if not c.is_held}
        changed = {id: trip for id, trip in trips.items() if self._is_notable(id, trip)}
        written: set[UUID] = set()
        if changed:
            written = await answered(submit_chore(lambda: leases.note_round_trips(changed)))
        self._noted = {id: trips[id] if id in written else self._noted.get(id) for id in trips}

    def _is_notable(self, id: UUID, trip: int | None) -> bool:
        noted = self._noted.get(id)
        if trip is None or noted is None:
            return trip is not noted
        return abs(trip - noted) > max(NOTABLE, noted / 5)


def _round_trip(connection: Connection, now: int) -> int | None:
    trip = connection.line.round_trip()
    is_idle = now - connection.line.heard_at() > IDLE
    return None if trip is None or is_idle else round(trip)


def statuses(readings: Iterable[Reading]) -> list[MemberStatus]:
    """One for each member: of several connections, what the last one said."""
    newest = {r.member_id: r for r in sorted(readings, key=lambda reading: reading.at)}
    return [
        MemberStatus(
            id=reading.member_id,
            state=reading.state,
            position=reading.position,
            rate=reading.rate,
            offset=reading.offset,
            round_trip=reading.round_trip,
        )
        for reading in newest.values()
    ]
