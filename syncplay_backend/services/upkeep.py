"""What a server process does without being asked: leases, deadlines, beacons, tidying up."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import limits
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.people import Actor
from syncplay_backend.domain.wire import error
from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection
from syncplay_backend.rooms import leases
from syncplay_backend.services import housekeeping
from syncplay_backend.services.execute import answered, drain, submit, submit_chore
from syncplay_backend.services.mending import Mender
from syncplay_backend.services.process import Process
from syncplay_backend.services.reading import read
from syncplay_backend.services.telling import Teller
from syncplay_backend.services.timekeeping import keep_time_for_ever

logger = logging.getLogger(__name__)

BEACON = 3  # seconds
SWEEP = 1
STUCK = 3
TELL = 1
NOTE = 3
NOTE_AGAIN = 20  # as often as everybody is pinged
SEE = 60
FORGET = 60
RENEW = 10
TIDY = 600

PART = 500  # rows that are renewed at once
Writing = Callable[[Sequence[UUID], int], None]


class Upkeep:
    def __init__(self, process: Process) -> None:
        self._process = process
        self._renewing_since: int | None = None
        self._renewed_at = 0

    async def renew(self) -> None:
        """Renew this process's leases, and set right where rows and sockets differ."""
        if self._process.leaving:
            return  # its sockets close and its rows stay: they are handed over
        now, seats = clock.now(), self._process.hub.connections()
        settled = [seat for seat in seats if not seat.is_held]
        ids = [seat.id for seat in seats]
        try:
            await self._in_parts(leases.renew, ids, now)
        except Refused:
            self._renewing_since = None
            raise
        self._note_renewal(now)
        missing, strangers = await read(leases.differences, self._process.post.channel, ids)
        await self._put_back(seat for seat in settled if seat.id in missing)
        self._end_ghosts(strangers)

    async def see(self) -> None:
        """Write down who has been seen here."""
        seats = self._process.hub.connections()
        members = {seat.member_id for seat in seats if seat.member_id is not None}
        await self._in_parts(leases.see, list(members), clock.now())

    async def _in_parts(self, write: Writing, ids: Sequence[UUID], now: int) -> None:
        """A part a chore, between which commands are committed. There is one at least: a renewal
        also tells that the database answers."""
        for start in range(0, max(len(ids), 1), PART):
            if self._process.leaving:
                return  # what has been handed over has a longer lease than this one
            await answered(submit_chore(partial(write, ids[start : start + PART], now)))

    def _note_renewal(self, now: int) -> None:
        if self._renewing_since is None or now - self._renewed_at > limits.LEASE:
            self._renewing_since = now
        self._renewed_at = now

    def may_judge(self, now: int) -> bool:
        """Whether leases that ran out say something about others, and not about us: after a stall
        of the database everybody's have, and nobody is gone."""
        since = self._renewing_since
        is_current = now - self._renewed_at <= limits.LEASE
        return since is not None and is_current and now - since >= limits.LEASE

    async def _put_back(self, missing: Iterable[Connection]) -> None:
        for seat in missing:
            if self._process.hub.has(seat.room_id, seat.id):  # it may have gone in the meantime
                await self._reenter(seat)

    async def _reenter(self, connection: Connection) -> None:
        channel = self._process.post.channel
        again = c.Reenter(connection.id, channel, precise=connection.is_precise)
        try:
            await answered(submit(connection.room_id, again, Actor(member_id=connection.member_id)))
        except Refused as refused:
            if refused.code is Code.UNKNOWN_USER:
                connection.outbox.put(error(refused))
                connection.outbox.close(Close.NOT_JOINED)

    def _end_ghosts(self, strangers: leases.Leased) -> None:
        """Rows of this process whose sockets are gone: their disconnect could not be written."""
        for room_id, member_id, id in strangers:
            is_here = self._process.hub.has(room_id, id)  # it may have come in the meantime
            if not is_here and not self._process.leaving:
                submit(room_id, c.Disconnect(id), Actor(member_id=member_id))

    async def drop_stuck(self) -> None:
        """Who does not read."""
        self._process.hub.drop_stuck()

    async def sweep(self) -> None:
        """Fire the deadlines that have passed. The commands look for themselves whether so."""
        now = clock.now()
        for room_id, member_id in await read(leases.given_up, now):
            submit(room_id, c.GiveUpPlace(member_id))
        for room_id in await read(leases.waited_enough, now):
            submit(room_id, c.EndWait())
        if self.may_judge(now):
            for room_id, member_id, id in await read(leases.run_out, now):
                submit(room_id, c.EndLease(member_id, id))

    async def tidy(self) -> None:
        report = await read(housekeeping.clean_up, hours=housekeeping.HOURS, dry_run=False)
        if report.rooms or report.sessions:
            logger.info("deleted %d rooms, %d sessions", len(report.rooms), report.sessions)
        await read(housekeeping.cut_logs)


_current: Process | None = None


def current() -> Process:
    """The live part of this process, running; made when first asked for."""
    global _current
    if _current is None or _current.loop is not asyncio.get_running_loop():
        _current = _start()
    return _current


def running() -> Process | None:
    """The live part of this process, for whoever is not in its event loop; None: there is none."""
    return _current


def _start() -> Process:
    process = Process()
    upkeep = Upkeep(process)
    mender = Mender(process)
    teller = Teller(process)
    process.run(keep_time_for_ever(process))
    process.run(process.post.receive())
    process.run(process.post.send())
    process.run(mender.mend_for_ever())
    process.run_every(BEACON, mender.beacon)
    process.run_every(SWEEP, upkeep.sweep)
    process.run_every(STUCK, upkeep.drop_stuck)
    process.run_every(TELL, teller.tell_statuses)
    process.run_every(NOTE, teller.note_newcomers)
    process.run_every(NOTE_AGAIN, teller.note_round_trips)
    process.run_every(FORGET, teller.forget_who_is_gone)
    process.run_every(RENEW, upkeep.renew)
    process.run_every(SEE, upkeep.see)
    process.run_every(TIDY, upkeep.tidy)
    logger.info("process %s has started", process.post.channel)
    return process


def stop_entering() -> None:
    """The server is about to close its sockets: that ends nobody's presence."""
    if _current is not None:
        _current.leaving = True


async def stop() -> None:
    """End this process's part: hand its members over to the grace, write what waits."""
    if _current is None:
        return
    stop_entering()
    channel, now = _current.post.channel, clock.now()
    try:
        await answered(submit_chore(lambda: leases.hand_over(channel, now)))
    except Refused as refused:
        logger.warning("sessions were left to their leases: %s", refused.code)
    await _current.stop()
    await asyncio.to_thread(drain)
    logger.info("process %s has stopped", channel)
