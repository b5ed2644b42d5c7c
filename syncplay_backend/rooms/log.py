"""Reading the event log, and cutting it at its old end."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from syncplay_backend.domain.log import Entry
from syncplay_backend.rooms.bulk import Question, Row, adapted, among, read_id
from syncplay_backend.rooms.instants import to_datetime, to_ms
from syncplay_backend.rooms.models import Message, Receipt, Room


@dataclass(frozen=True)
class Standing:
    """How far a room's log goes."""

    seq: int
    first_seq: int
    epoch: UUID


def _entry(row: Message) -> Entry:
    return Entry(
        room_id=row.room_id,
        seq=row.seq,
        type=row.message_type,
        by=row.user_id,
        at=to_ms(row.timestamp),
        data=row.data,
        origin=row.origin,
        ref=row.command_id,
    )


def standings(room_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    rows = Room.objects.filter(id__in=room_ids)
    return {
        id: Standing(seq, first_seq, epoch)
        for id, seq, first_seq, epoch in rows.values_list("id", "seq", "first_seq", "epoch")
    }


def beyond(known: dict[UUID, int], most: int) -> list[Entry]:
    """The entries after the seq that is known of each room, in order; at most `most` a room."""
    wanted = Q(pk__in=[])
    for room_id, seq in known.items():
        wanted |= Q(room_id=room_id, seq__gt=seq, seq__lte=seq + most)
    return [_entry(row) for row in Message.objects.filter(wanted).order_by("room_id", "seq")]


def moved_by_server(room_ids: Sequence[UUID], since: int) -> set[UUID]:
    """The rooms whose video the server itself has moved since then (ms)."""
    moves = Message.objects.filter(room_id__in=room_ids, message_type="seek", user_id=None)
    return set(moves.filter(timestamp__gte=to_datetime(since)).values_list("room_id", flat=True))


@dataclass(frozen=True)
class Wanted:
    """Which part of a log: at most `limit` events, those next to `before` or `after`."""

    limit: int
    before: int | None = None  # seq
    after: int | None = None  # seq
    type: str | None = None


@dataclass(frozen=True)
class Kept:
    """An entry with the id of its row."""

    id: UUID
    entry: Entry


LOOKED_THROUGH = 10_000  # events, for those of one type: there is no index by type to be kept


def page(room_id: UUID, wanted: Wanted) -> list[Kept]:
    """Oldest first; the newest ones there are, unless `after` says where to begin. Of one type:
    as far as there are any among the 10,000 events next to where it begins."""
    rows = Message.objects.filter(room_id=room_id)
    if wanted.before is not None:
        rows = rows.filter(seq__lt=wanted.before)
    if wanted.after is not None:
        rows = rows.filter(seq__gt=wanted.after)
    if wanted.type is not None:
        rows = rows.filter(_is_near(room_id, wanted), message_type=wanted.type)
    if wanted.after is not None:
        found = list(rows.order_by("seq")[: wanted.limit])
    else:
        found = list(rows.order_by("-seq")[: wanted.limit])[::-1]
    return [Kept(row.id, _entry(row)) for row in found]


def _is_near(room_id: UUID, wanted: Wanted) -> Q:
    """Of what the log has: it may begin later and end earlier than what is asked for."""
    standing = standings([room_id]).get(room_id)
    if standing is None:
        return Q(pk__in=[])
    if wanted.after is not None:
        last_skipped = max(wanted.after, standing.first_seq - 1)
        return Q(seq__lte=last_skipped + LOOKED_THROUGH)
    beyond = standing.seq + 1 if wanted.before is None else min(wanted.before, standing.seq + 1)
    return Q(seq__gte=beyond - LOOKED_THROUGH)


class Done(NamedTuple):
    """A command that was done: which event it caused first, and what it was."""

    seq: int
    digest: str


CommandId = tuple[UUID, UUID | None, str | None]  # room, member, id


def whether_done(commands: Collection[tuple[UUID, str]]) -> list[Question]:
    """What has been done of the commands with these ids, in these rooms, by whomever?"""
    if not commands:
        return []
    rooms = list({adapted(room) for room, _ in commands})
    ids = list({id for _, id in commands})
    where = f"room_id {among(rooms)} AND command_id {among(ids)}"
    columns = "room_id, user_id, command_id, seq, digest"
    return [
        Question(f"SELECT {columns} FROM {table} WHERE {where}", [*rooms, *ids])
        for table in _WITH_IDS
    ]


def done(answers: Iterable[list[Row]]) -> dict[CommandId, Done]:
    return {
        (read_id(room), member and read_id(member), id): Done(seq, digest)
        for rows in answers
        for room, member, id, seq, digest in rows
    }


_WITH_IDS = [f'"{kind._meta.db_table}"' for kind in (Message, Receipt)]
