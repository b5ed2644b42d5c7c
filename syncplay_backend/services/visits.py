"""A connection's visit to a room: enter, command, drop."""

import logging
from concurrent.futures import Future
from dataclasses import dataclass
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Refused
from syncplay_backend.domain.fields import Key
from syncplay_backend.domain.limits import JOIN_ROOM, MOST_MISSED
from syncplay_backend.domain.log import Entry
from syncplay_backend.domain.people import Actor
from syncplay_backend.domain.state import Room
from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection as Visit
from syncplay_backend.live.connection import Line
from syncplay_backend.live.limiter import limiter
from syncplay_backend.live.mailbox import Mailbox
from syncplay_backend.live.outbox import Outbox
from syncplay_backend.rooms import log, queries
from syncplay_backend.rooms.ids import public_id
from syncplay_backend.services import passwords
from syncplay_backend.services.addresses import fingerprint, neighbourhood
from syncplay_backend.services.execute import answered, submit
from syncplay_backend.services.reading import read
from syncplay_backend.services.road import Outcome
from syncplay_backend.services.upkeep import current

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """Who is at the other end of a socket, before it has said its name."""

    room_id: UUID
    address: str
    line: Line


async def exists(room_id: UUID) -> bool:
    return room_id in current().hub.rooms or await read(queries.exists, room_id)


async def enter(caller: Caller, key: Key, wish: wire.JoinFrame) -> Visit:
    """Take part from now on: listen first, then read the room, then apply what came meanwhile.

    Raises `Refused`.
    """
    limiter.take(JOIN_ROOM, neighbourhood(caller.address))
    verified_hash = ""
    if wish.password and not await read(queries.holds_place, caller.room_id, key.hash):
        checking = passwords.verified(caller.room_id, wish.password, caller.address)
        verified_hash = await answered(checking)
    now = clock.now()
    visit = Visit(public_id(now), caller.room_id, caller.line, wish.protocol)
    command = c.Enter(
        connection_id=visit.id,
        channel=current().post.channel,
        member_id=public_id(now),
        key=key,
        name=wish.user_name,
        address=fingerprint(caller.address),
        precise=visit.is_precise,
        verified_hash=verified_hash,
    )
    await _listen_and_start(visit, command, wish)
    return visit


async def _listen_and_start(visit: Visit, command: c.Enter, wish: wire.JoinFrame) -> None:
    process = current()
    process.hub.listen(visit)
    entering = None
    try:
        await process.post.make_sure_to_hear()
        entering = submit(visit.room_id, command, Actor(connection_id=visit.id))
        outcome: Outcome = await answered(entering)
    except BaseException:
        _forget(visit)
        if entering is not None:  # it may be done all the same, when nobody waits any more
            entering.add_done_callback(lambda done: _undo(visit, done))
        raise
    room = outcome.room
    visit.member_id = outcome.who_entered
    process.hub.start(visit, await _opening(outcome, wish), room.seq, room.epoch)
    logger.info("room %s: member %s connected", room.id, visit.member_id)


async def _opening(outcome: Outcome, wish: wire.JoinFrame) -> list[str | bytes]:
    """What the connection is sent first: the events that it missed, or the whole room."""
    room = outcome.room
    missed = await _missed(room, wish)
    if missed is None:
        return [outcome.snapshot.frame]
    return [*(entry.frame() for entry in missed), wire.resumed(room.seq)]


async def _missed(room: Room, wish: wire.JoinFrame) -> list[Entry] | None:
    """The events after the last one that the client has; None where that cannot be told."""
    last_seq = wish.last_seq
    if wish.protocol == 1 or last_seq is None or wish.epoch != room.epoch:
        return None
    count = room.seq - last_seq
    if not 0 <= count <= MOST_MISSED:
        return None
    entries = [
        entry
        for entry in await read(log.beyond, {room.id: last_seq}, MOST_MISSED)
        if entry.seq <= room.seq
    ]
    return entries if len(entries) == count else None


def _undo(visit: Visit, entered: "Future[Outcome]") -> None:
    if entered.exception() is None:
        actor = Actor(member_id=entered.result().who_entered)
        submit(visit.room_id, c.Disconnect(visit.id), actor)


def command(
    visit: Visit, wish: wire.Commands, *, id: str | None = None, expects: int | None = None
) -> "Future[Outcome]":
    """Send what a member wants down the road. The future may fail with `Refused`."""
    actor = Actor(
        member_id=visit.member_id,
        connection_id=visit.id,
        head_start=visit.head_start if isinstance(wish, c.Play) else None,
        expects=expects,
    )
    return submit(visit.room_id, wish, actor, id)


def mailbox() -> Mailbox:
    """By which other threads reach the event loop."""
    return current().mailbox


def show_again(visit: Visit) -> None:
    """Send the whole room once more."""
    visit.needs_snapshot = True
    current().want(visit.room_id)


def drop(visit: Visit) -> None:
    """The socket is gone. A process that is ending has handed its members over already."""
    _forget(visit)
    logger.info("room %s: member %s disconnected", visit.room_id, visit.member_id)
    if current().leaving:
        return
    gone = submit(visit.room_id, c.Disconnect(visit.id), Actor(member_id=visit.member_id))
    gone.add_done_callback(_say_if_put_off)


def _say_if_put_off(gone: "Future[Outcome]") -> None:
    """The next renewal of the leases finds the row, and ends it."""
    if isinstance(refused := gone.exception(), Refused):
        logger.info("a disconnect was put off: %s", refused.code)


def _forget(visit: Visit) -> None:
    process = current()
    process.hub.remove(visit)
    process.telemetry.forget(visit.room_id, visit.id)


__all__ = [
    "Caller", "Line", "Outbox", "Outcome", "Visit",
    "command", "drop", "enter", "exists", "mailbox", "show_again",
]  # fmt: skip
