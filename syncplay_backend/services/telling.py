"""How the players in a room are: told to its members and to the other processes, each second."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.domain.people import Actor
from syncplay_backend.domain.views import MemberStatus
from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.post import Bundle
from syncplay_backend.live.telemetry import Reading
from syncplay_backend.services.execute import submit
from syncplay_backend.services.process import Process
from syncplay_backend.services.road import Outcome

IDLE = 60_000  # ms: a start need not be early enough for who has been silent for so long
AT_ONCE = 20  # rooms that are told of without a pause for others
NOTABLE = 10  # ms: by how much a round trip must differ to be written down anew


class Teller:
    def __init__(self, process: Process) -> None:
        self._process = process
        self._noted: dict[UUID, int | None] = {}

    async def tell_statuses(self) -> None:
        """To the others, merged, and at most once a second: what has changed."""
        hub, post = self._process.hub, self._process.post
        changed = self._process.telemetry.take_changed()
        ours: dict[UUID, list[Reading]] = {}
        for number, (room_id, readings) in enumerate(changed.items()):
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)  # what is in time goes first
            told = statuses(readings)
            alone = told[0].id if len(told) == 1 else None
            hub.tell(room_id, "status", wire.status(told), besides=alone)
            local = hub.rooms.get(room_id)
            if local and (here := [r for r in readings if r.connection_id in local.connections]):
                ours[room_id] = here
        if ours:
            post.publish(Bundle(post.channel, readings=ours))

    async def forget_who_is_gone(self) -> None:
        self._process.telemetry.keep_only(self._process.hub.rooms)

    async def note_newcomers(self) -> None:
        """How long a frame takes to who came of late, once the first pong is there."""
        now, newcomers = clock.now(), self._process.hub.newcomers
        for connection in list(newcomers.values()):
            if (trip := _round_trip(connection, now)) is not None:
                del newcomers[connection.id]
                self._note(connection, trip)

    async def note_round_trips(self) -> None:
        """Keep with the leases how long a frame takes, for whoever schedules a start. It is not
        known better before the next pong."""
        now = clock.now()
        here = self._process.hub.connections()
        present = [seat for seat in here if seat.is_precise and not seat.is_held]
        self._noted = {seat.id: self._noted.get(seat.id) for seat in present}
        for number, connection in enumerate(present):
            if number % (10 * AT_ONCE) == 0:
                await asyncio.sleep(0)
            self._note(connection, _round_trip(connection, now))

    def _note(self, connection: Connection, trip: int | None) -> None:
        before = self._noted.get(connection.id)
        if not _is_notable(trip, before):
            return
        self._noted[connection.id] = trip
        noting = c.NoteRoundTrip(connection.id, trip)
        done = submit(connection.room_id, noting, Actor(member_id=connection.member_id))
        done.add_done_callback(lambda done: self._unless_failed(connection.id, before, done))

    def _unless_failed(self, id: UUID, before: int | None, done: "Future[Outcome]") -> None:
        if done.exception() is not None or not done.result().events:
            self._noted[id] = before  # the next turn tries again


def _is_notable(trip: int | None, noted: int | None) -> bool:
    if trip is None or noted is None:
        return trip is not noted
    return abs(trip - noted) > max(NOTABLE, noted / 5)


def _round_trip(connection: Connection, now: int) -> int | None:
    trip = connection.line.round_trip()
    is_idle = now - connection.line.heard_at > IDLE
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
