"""The road: a batch of commands, decided one after another and committed in one transaction."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import get_args
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.decide import create, decide
from syncplay_backend.domain.deciding_people import member_of
from syncplay_backend.domain.errors import Code, Refused, room_not_found
from syncplay_backend.domain.log import Entry, Receipt, Source, entry
from syncplay_backend.domain.people import SERVER, Actor
from syncplay_backend.domain.state import Room, apply
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms import log, queries, records
from syncplay_backend.rooms.bulk import Write
from syncplay_backend.rooms.known import KnownRooms, new_stamp
from syncplay_backend.rooms.transaction import Transaction, transaction
from syncplay_backend.rooms.writer import Job
from syncplay_backend.services.snapshot import Snapshot


@dataclass(frozen=True)
class Order:
    """A command on its way: what, in which room, by whom."""

    room_id: UUID
    command: c.Command | c.Create
    actor: Actor = SERVER
    id: str | None = None  # the client's own: with it the command is done once


@dataclass(frozen=True)
class Chore:
    """Some other writing that must not run beside a batch: leases, tidying up."""

    do: Callable[[], object]


@dataclass(frozen=True)
class Outcome:
    """What became of a command: the room after it (with whom it needed), and what happened. Of who
    has entered it is the room after the batch: see `Batch.shared`."""

    snapshot: Snapshot
    events: list[e.Event]
    seq: int  # of its first event; where it changed nothing, the room's

    @property
    def room(self) -> Room:
        return self.snapshot.room

    @property
    def now(self) -> int:
        return self.snapshot.now

    @property
    def who_entered(self) -> UUID | None:
        for event in self.events:
            if isinstance(event, e.MemberJoined):
                return event.member.id
            if isinstance(event, e.ConnectionOpened):
                return event.member_id
        return None


OrderJob = Job[Order]
SET_BACK = 2_000  # ms

# What asks about everybody in the room; for all else it is enough, in a big one, to know who asks.
_NEED_EVERYBODY = (
    c.Play,
    c.ChangeVideo,
    *get_args(c.PeopleCommand),
    *get_args(c.WaitCommand),
    *get_args(c.LeaseCommand),
    *get_args(c.RoomCommand),
)

# What judges by the leases, which are renewed beside the road: it reads the room afresh.
AFRESH = (c.EndLease, c.Reenter)


@dataclass
class Batch:
    """The rooms of one transaction, as they were and as they become."""

    before: dict[UUID, Room | None] = field(default_factory=dict)
    rooms: dict[UUID, Room] = field(default_factory=dict)
    newest: dict[UUID, Snapshot] = field(default_factory=dict)  # of those that were asked for
    busy: set[UUID] = field(default_factory=set)
    done: dict[log.CommandId, log.Done] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    whole: set[UUID] = field(default_factory=set)  # of whom everybody is there
    stamp: int = field(default_factory=new_stamp)
    crowded_out: list[UUID] = field(default_factory=list)  # connections

    def take(self, order: Order) -> Outcome:
        """Decide one command, and keep what it causes. Raises `Refused`."""
        if isinstance(order.command, c.Create):
            return self._create(order.command)
        room = self.rooms.get(order.room_id)
        if room is None:
            raise room_not_found()
        now = _now_in(room)
        source = _source(order)
        if (before := self._done_before(room, order, source)) is not None:
            return Outcome(Snapshot(room, now), [], before.seq)
        events = decide(room, order.command, order.actor, now)
        if order.id and not any(isinstance(event, e.Numbered) for event in events):
            self._keep_receipt(room, order, source, now)
        return self._happen(room, events, source, now)

    def _keep_receipt(self, room: Room, order: Order, source: Source, now: int) -> None:
        member = member_of(room, order.actor)
        receipt = Receipt(
            room_id=room.id,
            member_id=member.id,
            ref=order.id or "",
            digest=source.digest,
            seq=room.seq,
            at=now,
        )
        self.receipts.append(receipt)
        self.done[room.id, member.id, receipt.ref] = log.Done(room.seq, source.digest)

    def _done_before(self, room: Room, order: Order, source: Source) -> log.Done | None:
        """The same command, if it was done already. Raises `Refused` for another of that id."""
        if order.id is None:
            return None
        member = member_of(room, order.actor)
        before = self.done.get((room.id, member.id, order.id))
        if before is not None and before.digest != source.digest:
            raise Refused(Code.CONFLICT, "That id was given to another command. Use a fresh UUID.")
        return before

    def _create(self, command: c.Create) -> Outcome:
        now = clock.now()
        room, events = create(command, now)
        self.before[room.id] = None
        self.whole.add(room.id)
        return self._happen(room, events, Source(), now)

    def _happen(self, room: Room, events: list[e.Event], source: Source, now: int) -> Outcome:
        seq = room.seq
        for event in events:
            room = apply(room, event)
            if isinstance(event, e.Numbered):
                self._log(entry(room, event, source))
                source = Source(source.connection_id)  # the id is the first event's
            elif isinstance(event, e.ConnectionClosed) and event.crowded_out:
                self.crowded_out.append(event.connection_id)
        self.rooms[room.id] = room
        self.newest[room.id] = snapshot = Snapshot(room, now)
        return Outcome(snapshot, events, min(seq + 1, room.seq))

    def shared(self, entered: c.Enter, outcome: Outcome) -> Outcome:
        """All who have entered a room are shown it as the batch leaves it. But not who is not in it
        any more: the news of that ends a connection, and is news only to who was not shown it. Nor
        who knows no clock to wait by: it is handed a start when it is due."""
        newest, who = self.newest[outcome.room.id], outcome.who_entered
        if who is None or not newest.has_in_it(entered.connection_id, who):
            return outcome
        if newest.starts_later and not entered.precise:
            return outcome
        return Outcome(newest, outcome.events, outcome.seq)

    def _log(self, kept: Entry) -> None:
        self.entries.append(kept)
        if kept.ref is not None and kept.by is not None:
            self.done[kept.room_id, kept.by, kept.ref] = log.Done(kept.seq, kept.digest)

    def writes(self) -> list[Write]:
        changes = [(self.before[id], room) for id, room in self.rooms.items()]
        written = records.changes(changes, self.entries, self.stamp)
        return written + records.receipts(self.receipts)

    def remember(self) -> None:
        """It is committed: what has changed is known, and need not be read again."""
        for id, room in self.rooms.items():
            if id in self.whole and room is not self.before[id]:
                _known.keep(room, self.stamp)


def travel(jobs: list[OrderJob]) -> tuple[Batch, dict[OrderJob, Outcome | Refused]]:
    """Decide and commit; the answers are of those jobs whose rooms nobody else has locked."""
    answers: dict[OrderJob, Outcome | Refused] = {}
    with transaction() as begun:
        batch = _load(begun, [job.work for job in jobs])
        for job in jobs:
            if job.work.room_id in batch.busy:
                continue
            try:
                answers[job] = batch.take(job.work)
            except Refused as refused:
                answers[job] = refused
        begun.write(batch.writes())
    batch.remember()
    for job, outcome in answers.items():
        if isinstance(job.work.command, c.Enter) and isinstance(outcome, Outcome):
            answers[job] = batch.shared(job.work.command, outcome)
    return batch, answers


def _now_in(room: Room) -> int:
    """Within a room time never goes back; unless the clock was set back, and the room would wait
    for it to catch up."""
    now = clock.now()
    return max(now, room.active_at) if room.active_at - now < SET_BACK else now


def _source(order: Order) -> Source:
    digest = wire.digest(order.command) if order.id else ""
    return Source(order.actor.connection_id, order.id, digest)


def _load(begun: Transaction, orders: list[Order]) -> Batch:
    asked = [order for order in orders if not isinstance(order.command, c.Create)]
    with_ids = [(order.room_id, order.id) for order in asked if order.id]
    stamps, busy, done = records.lock(begun, {order.room_id for order in asked}, with_ids)
    afresh = {order.room_id for order in asked if isinstance(order.command, AFRESH)}
    rooms = {
        id: room
        for id, stamp in stamps.items()
        if id not in afresh and (room := _known.get(id, stamp)) is not None
    }
    whole = set(rooms)
    if len(rooms) < len(stamps):
        unknown = stamps.keys() - rooms.keys()
        read, all_there = _read([order for order in asked if order.room_id in unknown], unknown)
        rooms |= read
        whole |= all_there
        for id in all_there:
            _known.keep(read[id], stamps[id])
    return Batch(before=dict(rooms), rooms=rooms, busy=busy, done=done, whole=whole)


def _read(orders: list[Order], ids: Set[UUID]) -> tuple[dict[UUID, Room], set[UUID]]:
    """The rooms, and of whom everybody is there: of those that are not big, so that they are known
    from then on. Of a big one, which another process may change as often, it is those people whom
    the orders need."""
    rows = queries.rows(ids)
    whole = {o.room_id for o in orders if isinstance(o.command, _NEED_EVERYBODY)}
    whole |= {id for id, row in rows.items() if row.waiting is not None or not _known.is_big(id)}
    whole &= rows.keys()
    people = queries.everybody(whole)
    asking = [order.actor for order in orders if order.room_id not in whole]
    people |= _those_who_ask(rows.keys() - whole, asking)
    return {id: queries.room_state(row, people.get(id, {})) for id, row in rows.items()}, whole


def _those_who_ask(rooms: Set[UUID], actors: list[Actor]) -> dict[UUID, queries.Members]:
    return queries.some(
        rooms,
        [actor.member_id for actor in actors if actor.member_id],
        [actor.key_hash for actor in actors if actor.key_hash],
    )


_known = KnownRooms()
