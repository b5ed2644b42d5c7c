"""The road: a batch of commands, decided one after another and committed in one transaction."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.decide import create, decide
from syncplay_backend.domain.errors import Refused, room_not_found
from syncplay_backend.domain.log import Entry, entry
from syncplay_backend.domain.people import SERVER, Actor
from syncplay_backend.domain.state import Room, apply
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms import queries, records
from syncplay_backend.rooms.writer import Job


@dataclass(frozen=True)
class Order:
    """A command on its way: what, in which room, by whom."""

    room_id: UUID
    command: c.Command | c.Create
    actor: Actor = SERVER


@dataclass(frozen=True)
class Chore:
    """Some other writing that must not run beside a batch: leases, tidying up."""

    do: Callable[[], object]


@dataclass(frozen=True)
class Outcome:
    """What became of a command: the room after it (with whom it needed), and what happened."""

    room: Room
    events: list[e.Event]
    now: int


OrderJob = Job[Order]

# Who must know everybody in the room; for all other commands it is enough to know who asks.
_NEED_EVERYBODY = (*c.PeopleCommand.__args__, *c.UpkeepCommand.__args__)


@dataclass
class Batch:
    """The rooms of one transaction, as they were and as they become."""

    before: dict[UUID, Room | None] = field(default_factory=dict)
    rooms: dict[UUID, Room] = field(default_factory=dict)
    busy: set[UUID] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    crowded_out: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def take(self, order: Order) -> Outcome:
        """Decide one command, and keep what it causes. Raises `Refused`."""
        if isinstance(order.command, c.Create):
            return self._create(order.command)
        room = self.rooms.get(order.room_id)
        if room is None:
            raise room_not_found()
        now = max(clock.now(), room.active_at)  # within a room time never goes back
        events = decide(room, order.command, order.actor, now)
        return self._happen(room, events, order.actor.connection_id, now)

    def _create(self, command: c.Create) -> Outcome:
        now = clock.now()
        room, events = create(command, now)
        self.before[room.id] = None
        return self._happen(room, events, None, now)

    def _happen(self, room: Room, events: list[e.Event], origin: UUID | None, now: int) -> Outcome:
        for event in events:
            room = apply(room, event)
            if isinstance(event, e.Numbered):
                self.entries.append(entry(room, event, origin))
            elif isinstance(event, e.ConnectionClosed) and event.crowded_out:
                self.crowded_out[room.id].append(event.connection_id)
        self.rooms[room.id] = room
        return Outcome(room, events, now)

    def save(self) -> None:
        changes = [(self.before[id], room) for id, room in self.rooms.items()]
        records.save(changes, self.entries)


def travel(jobs: list[OrderJob]) -> tuple[Batch, dict[OrderJob, Outcome | Refused]]:
    """Decide and commit; the answers are of those jobs whose rooms nobody else has locked."""
    answers: dict[OrderJob, Outcome | Refused] = {}
    with transaction.atomic():
        batch = _load([job.work for job in jobs])
        for job in jobs:
            if job.work.room_id in batch.busy:
                continue
            try:
                answers[job] = batch.take(job.work)
            except Refused as refused:
                answers[job] = refused
        batch.save()
    return batch, answers


def _load(orders: list[Order]) -> Batch:
    known = [order for order in orders if not isinstance(order.command, c.Create)]
    rows, busy = records.lock(order.room_id for order in known)
    whole = {o.room_id for o in known if isinstance(o.command, _NEED_EVERYBODY)} & rows.keys()
    everybody = queries.everybody(whole)
    actors = [order.actor for order in known if order.room_id not in whole]
    some = queries.some(
        rows.keys() - whole,
        [actor.member_id for actor in actors if actor.member_id],
        [actor.key_hash for actor in actors if actor.key_hash],
    )
    rooms = {
        id: queries.room_state(row, (everybody if id in whole else some).get(id, {}))
        for id, row in rows.items()
    }
    return Batch(before=dict(rooms), rooms=rooms, busy=busy)
