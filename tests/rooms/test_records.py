"""The writes of the road: what is locked, what is saved, and what is left alone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from msgspec.structs import replace

from syncplay_backend.domain.log import Entry
from syncplay_backend.domain.people import Role
from syncplay_backend.domain.state import Room as RoomState
from syncplay_backend.domain.state import Video
from syncplay_backend.rooms import queries, records
from syncplay_backend.rooms.bulk import Question, Row
from syncplay_backend.rooms.instants import to_ms
from syncplay_backend.rooms.models import Room, User
from syncplay_backend.rooms.people import Changes
from syncplay_backend.rooms.transaction import Transaction, transaction
from tests.services.stage import Person, Stage, open_room


@pytest.fixture
def stage() -> Stage:
    return open_room()


def save(before: RoomState | None, after: RoomState, *entries: Entry) -> list[str]:
    """The statements that the change took."""
    return write([(before, after)], *entries)


def write(changes: Changes, *entries: Entry) -> list[str]:
    writes = records.changes(changes, entries, stamp=1)
    with transaction() as begun:
        begun.write(writes)
    return [statement for statement, _ in writes]


class Noting:
    """A transaction, and what it was asked."""

    def __init__(self, begun: Transaction) -> None:
        self._begun = begun
        self.asked: list[str] = []
        self.write, self.commit = begun.write, begun.commit

    def ask(self, *questions: Question) -> list[list[Row]]:
        self.asked.append("; ".join(statement for statement, _ in questions))
        return self._begun.ask(*questions)


def with_member(room: RoomState, who: Person, **changes: object) -> RoomState:
    changed = replace(room.members[who.id], **changes)
    return replace(room, members={**room.members, who.id: changed})


def test_what_was_saved_is_what_is_read(stage: Stage) -> None:
    bob = stage.join("Bob")
    stage.enter(bob)
    before = stage.state
    after = replace(before, video=Video("https://example.com/a.mp4", "A"), seq=7, closed_at=3)
    after = with_member(after, bob, role=Role.MODERATOR, away_until=99)
    save(before, after)
    assert stage.state == after


def test_a_room_that_did_not_change_is_not_written(stage: Stage) -> None:
    room = stage.state
    assert save(room, room) == []


def test_only_the_members_that_changed_are_written(stage: Stage) -> None:
    bob, before = stage.join("Bob"), stage.state
    User.objects.filter(id=stage.alice.id).update(address="somewhere else", away_until=5)
    save(before, with_member(before, bob, away_until=42))
    assert stage.user(bob).away_until == 42
    assert stage.user(stage.alice).away_until == 5, "who was not loaded anew is left alone"


def test_a_part_of_the_members_may_be_saved_and_the_others_stay(stage: Stage) -> None:
    bob, whole = stage.join("Bob"), stage.state
    before = replace(whole, members={stage.alice.id: whole.members[stage.alice.id]})
    save(before, replace(before, seq=9))
    assert set(stage.state.members) == {stage.alice.id, bob.id}
    assert stage.state.seq == 9


def test_who_is_gone_goes_with_its_connections_and_its_name_is_free_at_once(stage: Stage) -> None:
    bob = stage.join("Bob")
    stage.enter(bob)
    before = stage.state
    newcomer = replace(before.members[bob.id], id=uuid4(), connections=(), key_hash=b"another")
    others = {id: m for id, m in before.members.items() if id != bob.id}
    save(before, replace(before, members={**others, newcomer.id: newcomer}))
    assert set(stage.state.members) == {stage.alice.id, newcomer.id}


@pytest.mark.parametrize("to_the_left", [True, False])
def test_the_host_may_change_whichever_id_is_greater(to_the_left: bool) -> None:
    stage = open_room()
    people = sorted([stage.alice, stage.join("Bob")], key=lambda person: person.id)
    one, other = people if to_the_left else people[::-1]
    save(stage.state, replace(stage.state, host_id=one.id))
    save(stage.state, replace(stage.state, host_id=other.id))
    assert [user.id for user in User.objects.filter(room_id=stage.room_id, is_host=True)] == [
        other.id
    ]
    assert stage.state.host_id == other.id


def test_only_connections_that_opened_or_closed_are_written(stage: Stage) -> None:
    bob = stage.join("Bob")
    first, second = stage.enter(bob), stage.enter(bob)
    row = stage.user(bob).sessions.get(id=first)
    row.lease_until = 123  # renewed meanwhile, beside the road
    row.save()
    before = stage.state
    held = {connection.id: connection for connection in before.members[bob.id].connections}
    assert held.keys() == {first, second}
    kept = held[first]
    save(before, with_member(before, bob, connections=(kept,)))
    assert list(stage.user(bob).sessions.values_list("id", "lease_until")) == [(first, 123)]


def test_a_batch_of_many_rooms_takes_as_few_statements_as_one() -> None:
    stages = [open_room() for _ in range(10)]
    before = [stage.state for stage in stages]
    changes = [(room, replace(room, seq=5)) for room in before]
    assert len(write(changes)) == 1
    assert [stage.state.seq for stage in stages] == [5] * 10


def test_the_beginning_of_the_log_is_not_overwritten(stage: Stage) -> None:
    stage.row.__class__.objects.filter(id=stage.room_id).update(first_seq=4)
    save(stage.state, replace(stage.state, seq=8))
    assert stage.row.first_seq == 4


def test_rooms_are_locked_by_id_in_a_statement_without_a_join() -> None:
    ids = [open_room().room_id for _ in range(3)]
    with transaction() as begun:
        locked, busy, _ = records.lock(noting := Noting(begun), [*ids, uuid4()])
    assert set(locked) == set(ids)
    assert all(stamp == Room.objects.get(id=id).stamp for id, stamp in locked.items())
    assert busy == set()
    statement = noting.asked[0].strip()
    assert "JOIN" not in statement
    if connection.vendor == "postgresql":
        assert statement.endswith("ORDER BY id FOR UPDATE SKIP LOCKED")


def test_nothing_to_lock_is_no_query() -> None:
    with transaction() as begun:
        assert records.lock(noting := Noting(begun), []) == ({}, set(), {})
    assert noting.asked == []


def test_an_entry_of_the_log_is_written_as_it_is(stage: Stage) -> None:
    by, origin = uuid4(), uuid4()
    entry = Entry(
        room_id=stage.room_id,
        seq=50,
        type="seek",
        by=by,
        at=1_700_000_000_123,
        data={"position": 1.5},
        origin=origin,
    )
    save(stage.state, replace(stage.state, seq=50), entry)
    row = stage.rows[-1]
    assert (row.seq, row.user_id, row.origin, row.data) == (50, by, origin, {"position": 1.5})


def test_reading_back_is_reading_the_same(stage: Stage) -> None:
    room = queries.room(stage.room_id)
    assert room is not None
    save(None, replace(room, id=uuid4(), host_id=None, members={}))


def test_rows_of_the_log_that_are_written_together_lie_together(stage: Stage) -> None:
    for position in range(5):
        stage.seek(position)
    ids = [row.id for row in stage.rows]
    assert {id.version for id in ids} == {7}
    instants = [id.int >> 80 for id in ids]
    assert instants == [to_ms(row.timestamp) for row in stage.rows]
    assert len(set(ids)) == len(ids)
