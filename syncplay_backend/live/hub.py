"""This process's sockets, by room: each event reaches every one of them, once and in order.

The hub keeps nothing that is not also in the database. Where it sees that something is missing
it says so (`wants`), and whoever can read the log brings it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from uuid import UUID

from syncplay_backend.domain import wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused, room_not_found
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.feed import Feed, News
from syncplay_backend.live.frames import text_frame
from syncplay_backend.live.presence import Gathering, Run

logger = logging.getLogger(__name__)


class LocalRoom:
    """A room that somebody here is in."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.gathering = Gathering()
        self.epoch: UUID | None = None
        self.connections: dict[UUID, Connection] = {}

    @property
    def told_seq(self) -> int:
        """The last event that everybody was told of, but for who was not there yet."""
        if self.gathering.first_seq is not None:
            return self.gathering.first_seq - 1
        return self.feed.seq or 0

    @property
    def needs_snapshot(self) -> bool:
        return any(connection.needs_snapshot for connection in self.connections.values())


class Hub:
    def __init__(self, wants: Callable[[UUID], None]) -> None:
        self.rooms: dict[UUID, LocalRoom] = {}
        self.newcomers: dict[UUID, Connection] = {}  # whose round trip is not noted yet
        self._wants = wants

    def listen(self, connection: Connection) -> None:
        """From now on the room's events are kept for the connection, until its snapshot."""
        local = self.rooms.setdefault(connection.room_id, LocalRoom())
        local.connections[connection.id] = connection

    def start(
        self, connection: Connection, opening: Sequence[str | bytes], seq: int, epoch: UUID
    ) -> None:
        """Send the connection the room as it is at `seq`; from then on it is sent every event."""
        local = self.rooms.get(connection.room_id)
        if local is None or connection.id not in local.connections:
            return  # it has gone in the meantime
        local.epoch = local.epoch or epoch
        connection.give_snapshot(opening, seq)
        if connection.is_precise:
            self.newcomers[connection.id] = connection
        if local.feed.seq is None:  # else the others are still owed what it is behind by
            self._let_through(local, local.feed.start_from(seq))
        elif connection.seq < local.told_seq:  # the room was sent whole while this one was held
            connection.needs_snapshot = True
        if connection.needs_snapshot or local.feed.has_gap:  # the others' needs were seen before
            self._wants(connection.room_id)

    def remove(self, connection: Connection) -> None:
        self.newcomers.pop(connection.id, None)
        local = self.rooms.get(connection.room_id)
        if local is None:
            return
        local.connections.pop(connection.id, None)
        connection.stop()
        if not local.connections:
            local.gathering.stop()
            del self.rooms[connection.room_id]

    def receive(self, news: Iterable[News]) -> None:
        """Events that were committed, here or elsewhere, in whatever order they came."""
        touched: dict[UUID, LocalRoom] = {}
        for item in news:
            local = self.rooms.get(item.room_id)
            if local is not None:
                self._let_through(local, local.feed.accept(item))
                touched[item.room_id] = local
        for room_id, local in touched.items():  # once each: it asks every connection
            self._look_for_wants(room_id, local)

    def _let_through(self, local: LocalRoom, news: Iterable[News]) -> None:
        for item in news:
            if local.gathering.takes(item):
                self._gather(local, item)
            else:
                self._tell_gathered(local)
                self._deliver(local, item)
                self._end_what_is_over(local, item)

    def _gather(self, local: LocalRoom, news: News) -> None:
        if news.type == "user_left":
            self._tell_who_left(local, news)
        local.gathering.add(news, partial(self._tell_in_time, news.room_id, local))

    def _tell_in_time(self, room_id: UUID, local: LocalRoom) -> None:
        self._tell_gathered(local)
        self._look_for_wants(room_id, local)

    def _tell_who_left(self, local: LocalRoom, news: News) -> None:
        """Whoever gives up a place is told so now, and closed; the others can wait."""
        leaving = [c for c in local.connections.values() if c.member_id == news.subject]
        earlier = local.gathering.so_far if leaving else None
        for connection in leaving:
            if earlier is not None:
                _hand(connection, earlier)
            _hand(connection, news)

    def _tell_gathered(self, local: LocalRoom) -> None:
        """Whatever comes next, this was before it."""
        run = local.gathering.take()
        if run is not None:
            for connection in list(local.connections.values()):
                _hand(connection, run)

    def _deliver(self, local: LocalRoom, news: News) -> None:
        """Give an event to everybody. Those to whom it means what it says, who are in step and keep
        up, are written to here and now: half of what a large room costs is this loop."""
        sender = local.connections.get(news.origin) if news.origin else None
        is_plain, is_for_precise = news.is_plain, news.is_for_precise
        seq, before, frame = news.seq, news.seq - 1, news.frame
        for connection in list(local.connections.values()):
            outbox = connection.outbox
            try:
                if (
                    (is_for_precise if connection.is_precise else is_plain)
                    and connection.is_in_step
                    and connection.seq == before
                    and outbox.is_idle
                    and outbox.wire.is_flowing
                    and connection is not sender
                ):
                    connection.seq = seq
                    outbox.wire.write(frame)
                else:
                    connection.deliver(news)
            except Exception:  # one socket's trouble is not the others'
                logger.exception("a connection could not be sent an event")

    def _end_what_is_over(self, local: LocalRoom, news: News) -> None:
        if news.type == "room_closed":
            closed = Refused(Code.ROOM_CLOSED, "This room has been closed.")
            self._end_all(local, closed, Close.ROOM_CLOSED)

    def _look_for_wants(self, room_id: UUID, local: LocalRoom) -> None:
        if local.feed.has_gap or local.needs_snapshot:
            self._wants(room_id)

    def refresh(self, room_id: UUID, snapshot: str, seq: int, epoch: UUID, *, all: bool) -> None:
        """Send the room as it is: to all, or to those who were told of nothing else."""
        local = self.rooms.get(room_id)
        if local is None:
            return
        if all:
            self._tell_gathered(local)  # it may be of a log that is no more
        is_outdated = seq < local.told_seq  # read before the last event, or restored
        if is_outdated:
            self._wants(room_id)
        if all:
            local.feed.forget()
        elif is_outdated:
            return
        local.epoch = epoch
        self._show(local, snapshot, seq, all=all)
        if all:
            self._let_through(local, local.feed.start_from(seq))

    def _show(self, local: LocalRoom, snapshot: str, seq: int, *, all: bool) -> None:
        frame = text_frame(snapshot)  # once, and not for each
        for connection in local.connections.values():
            if not connection.is_held and (all or connection.needs_snapshot):
                self._show_to(connection, frame, seq, at_once=all)

    def _show_to(self, connection: Connection, snapshot: bytes, seq: int, *, at_once: bool) -> None:
        wait = 0.0 if at_once else connection.start_due_in
        if wait:
            asyncio.get_running_loop().call_later(wait, self._wants, connection.room_id)
        else:
            connection.give_snapshot([snapshot], seq)

    def end_room(self, room_id: UUID) -> None:
        """The room is gone from the database."""
        if local := self.rooms.get(room_id):
            self._end_all(local, room_not_found(), Close.ROOM_CLOSED)

    def _end_all(self, local: LocalRoom, why: Refused, close: Close) -> None:
        frame = wire.error(why)
        for connection in local.connections.values():
            connection.outbox.put(frame)
            connection.outbox.close(close)

    def crowd_out(self, connection_ids: Iterable[UUID]) -> None:
        """Connections that a newer one of the same member has replaced."""
        wanted = set(connection_ids)
        if not wanted:
            return
        why = wire.error(
            Refused(Code.TOO_MANY_CONNECTIONS, "You have opened this room in too many places.")
        )
        for connection in self.connections():
            if connection.id in wanted:
                connection.outbox.put(why)
                connection.outbox.close(Close.TOO_MANY_CONNECTIONS)

    def tell(self, room_id: UUID, kind: str, frame: str, *, besides: UUID | None = None) -> None:
        """Send something fleeting to those who speak protocol 2, but one member."""
        local = self.rooms.get(room_id)
        for connection in local.connections.values() if local else ():
            if connection.is_held or not connection.is_precise:
                continue
            if besides is None or connection.member_id != besides:
                connection.outbox.put_newest(kind, frame)

    def has(self, room_id: UUID, connection_id: UUID) -> bool:
        local = self.rooms.get(room_id)
        return local is not None and connection_id in local.connections

    def connections(self) -> list[Connection]:
        return [c for local in self.rooms.values() for c in local.connections.values()]

    def drop_stuck(self) -> None:
        busy = [c.outbox for c in self.connections() if not c.outbox.is_idle]
        for outbox in busy:
            if outbox.is_stuck():
                outbox.give_up()


def _hand(connection: Connection, news: News | Run) -> None:
    try:
        connection.deliver(news)
    except Exception:  # one socket's trouble is not the others'
        logger.exception("a connection could not be sent an event")
