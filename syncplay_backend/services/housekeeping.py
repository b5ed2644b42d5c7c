"""Tidying up: rooms that nobody uses, sessions of processes that died, the old end of logs."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.people import SERVER
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms import attic
from syncplay_backend.services.execute import answer, submit, submit_chore

HOURS = 24
HOUR = 3_600_000
STALE = 5 * 60_000  # ms: a lease that ran out so long ago is nobody's


@dataclass(frozen=True)
class Report:
    """What was deleted, or would have been."""

    rooms: list[tuple[UUID, str]]
    sessions: int


def clean_up(*, hours: float, dry_run: bool) -> Report:
    """Delete rooms older than `hours` that nobody is in and where nothing happened since."""
    now = clock.now()
    quiet_since = now - round(hours * HOUR)
    stale = attic.stale_sessions(now - STALE)
    unused = attic.unused_rooms(quiet_since)
    if dry_run:
        return Report(unused, len(stale))
    for room_id, member_id, id in stale:
        _end(room_id, c.EndLease(member_id, id))
    deleted = [(id, name) for id, name in unused if _delete(id, quiet_since)]
    return Report(deleted, len(stale))


def _delete(room_id: UUID, quiet_since: int) -> bool:
    """Close the room, if it is still unused; then nobody can come in, and it can be deleted."""
    if not _end(room_id, c.Retire(quiet_since)):
        return False
    while answer(submit_chore(partial(attic.delete_some, room_id))):
        pass
    return True


def _end(room_id: UUID, command: c.EndLease | c.Retire) -> bool:
    """Whether the room is closed now. One that was closed before is as good; one that is gone
    somebody else has deleted in the meantime; one that fails is in the log, and is no reason to
    leave the others."""
    try:
        return answer(submit(room_id, command, SERVER)).room.closed_at is not None
    except Refused as refused:
        if refused.retryable:
            raise
        return refused.code is Code.ROOM_CLOSED


def cut_logs() -> None:
    """Cut the logs of all rooms at their old end."""
    now = clock.now()
    answer(submit_chore(partial(attic.forget_receipts, now)))
    for room_id in attic.long_logs():
        answer(submit_chore(partial(attic.cut_log, room_id, now)))


def begin_new_epoch() -> int:
    """Give every room another epoch, since the database is another one; answers how many."""
    count, last = 0, None
    while ids := answer(submit_chore(partial(attic.begin_new_epoch, last))):
        count, last = count + len(ids), ids[-1]
    return count
