"""No gap lasts: what the post lost or muddled is read from the log, and brought in order."""

import asyncio
import logging
from collections.abc import Iterable
from uuid import UUID

from syncplay_backend.domain import wire
from syncplay_backend.domain.limits import MOST_MISSED
from syncplay_backend.domain.views import room_view
from syncplay_backend.live.clock import clock
from syncplay_backend.live.feed import news_of
from syncplay_backend.live.hub import Hub
from syncplay_backend.rooms import log, queries
from syncplay_backend.rooms.log import Standing
from syncplay_backend.services.process import Process
from syncplay_backend.services.reading import read

logger = logging.getLogger(__name__)

STRAGGLER = 0.05  # seconds: news may overtake each other by so much
ROOMS_A_QUERY = 500


class Mender:
    def __init__(self, process: Process) -> None:
        self._process = process
        self._hub: Hub = process.hub
        self._lost_database = False

    async def mend_for_ever(self) -> None:
        """Whenever the hub wants something, bring it."""
        while True:
            await self._process.has_wanted.wait()
            await asyncio.sleep(STRAGGLER)
            self._process.has_wanted.clear()
            wanted, self._process.wanted = self._process.wanted, set()
            try:
                await self._mend(wanted)
            except Exception as error:  # the beacon finds the same again
                logger.warning("could not mend %d rooms: %r", len(wanted), error)

    async def beacon(self) -> None:
        """Follow the others again, whether the database is there or not; then compare what the hub
        has with the log, for every room."""
        if self._process.post.reaches_others:
            await self._process.post.follow()
        for ids in _in_chunks(self._hub.rooms):
            before = self._seqs(ids)
            try:
                standings = await read(log.standings, list(before))
            except Exception:
                self._lost_database = True
                raise
            await self._compare(before, standings)
        if self._hub.rooms:
            self._lost_database = False
        for room_id, local in self._hub.rooms.items():
            if local.needs_snapshot:
                self._process.want(room_id)

    def _seqs(self, ids: Iterable[UUID]) -> dict[UUID, int]:
        seqs = {id: local.feed.seq for id in ids if (local := self._hub.rooms.get(id))}
        return {id: seq for id, seq in seqs.items() if seq is not None}

    async def _compare(self, before: dict[UUID, int], standings: dict[UUID, Standing]) -> None:
        behind, strange = set(), set()
        for id, seq in before.items():
            standing = standings.get(id)
            if standing is None:
                self._hub.end_room(id)
            elif self._lost_database or standing.seq < seq or self._is_another_log(id, standing):
                strange.add(id)
            elif standing.seq > seq:
                behind.add(id)
        await self._send_whole(strange, all=True)
        if behind:
            await asyncio.sleep(STRAGGLER)
            await self._catch_up(behind)

    def _is_another_log(self, room_id: UUID, standing: Standing) -> bool:
        local = self._hub.rooms.get(room_id)
        return local is not None and local.epoch not in {None, standing.epoch}

    async def _mend(self, wanted: set[UUID]) -> None:
        rooms = self._hub.rooms
        await self._catch_up({id for id in wanted if id in rooms})
        told_nothing = {id for id in wanted if id in rooms and rooms[id].needs_snapshot}
        await self._send_whole(told_nothing, all=False)

    async def _catch_up(self, room_ids: set[UUID]) -> None:
        """Bring what is missing from the log, in order; where that is too much, the whole room."""
        for ids in _in_chunks(room_ids):
            known = self._seqs(ids)
            standings = await read(log.standings, list(known))
            far = {id for id, seq in known.items() if _is_too_far(seq, standings.get(id))}
            near = {id: seq for id, seq in known.items() if id not in far}
            entries = await read(log.beyond, near, MOST_MISSED)
            self._hub.receive(news_of(entry) for entry in entries)
            await self._send_whole(far, all=True)

    async def _send_whole(self, room_ids: set[UUID], *, all: bool) -> None:
        for room in await read(queries.rooms, list(room_ids)) if room_ids else ():
            frame = wire.room_update(room_view(room, clock.now()))
            self._hub.refresh(room.id, frame, room.seq, room.epoch, all=all)


def _is_too_far(seq: int, standing: Standing | None) -> bool:
    if standing is None:
        return False
    return standing.seq - seq > MOST_MISSED or seq + 1 < standing.first_seq


def _in_chunks(ids: Iterable[UUID]) -> list[tuple[UUID, ...]]:
    everything = list(ids)
    return [
        tuple(everything[start : start + ROOMS_A_QUERY])
        for start in range(0, len(everything), ROOMS_A_QUERY)
    ]
