"""Reading rooms: rows come back as the structs of the rules, in few queries."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncplay_backend.domain.fields import Key
from syncplay_backend.rooms import queries
from tests.services.stage import Stage, open_room


@pytest.fixture
def stage() -> Stage:
    return open_room()


def test_a_room_is_read_with_everybody_and_their_connections(stage: Stage) -> None:
    bob = stage.join("Bob")
    laptop, phone = stage.enter(bob), stage.enter(bob)
    room = queries.room(stage.room_id)
    assert room is not None
    assert set(room.members) == {stage.alice.id, bob.id}
    assert {held.id for held in room.members[bob.id].connections} == {laptop, phone}
    assert room.members[bob.id].key_hash == bob.key.hash
    assert room.host_id == stage.alice.id


def test_a_room_that_is_not_there_is_none() -> None:
    assert queries.room(uuid4()) is None
    assert not queries.exists(uuid4())


def test_it_is_known_whether_a_room_exists(stage: Stage) -> None:
    assert queries.exists(stage.room_id)


def test_rooms_come_in_the_order_asked_for_without_those_that_are_gone() -> None:
    first, second, third = (open_room().room_id for _ in range(3))
    wanted = [third, uuid4(), first, second]
    assert [room.id for room in queries.rooms(wanted)] == [third, first, second]


def test_many_rooms_take_as_few_queries_as_one() -> None:
    stages = [open_room() for _ in range(5)]
    with CaptureQueriesContext(connection) as captured:
        found = queries.rooms([stage.room_id for stage in stages])
    assert len(captured) == 3
    assert [list(room.members) for room in found] == [[stage.alice.id] for stage in stages]


def test_some_finds_by_id_and_by_key_each_in_its_own_room(stage: Stage) -> None:
    bob, charlie = stage.join("Bob"), stage.join("Charlie")
    found = queries.some([stage.room_id], [bob.id], [charlie.key.hash])
    assert set(found[stage.room_id]) == {bob.id, charlie.id}


def test_the_same_key_in_two_rooms_is_two_members(stage: Stage) -> None:
    other = open_room()
    bob = stage.join("Bob")
    twin = other.join("Bob", key=bob.key)
    found = queries.some([stage.room_id, other.room_id], [], [bob.key.hash])
    assert [list(found[room_id]) for room_id in (stage.room_id, other.room_id)] == [
        [bob.id],
        [twin.id],
    ]


def test_a_key_is_looked_up_in_the_rooms_at_hand_only(stage: Stage) -> None:
    """There is an index of keys by room, and none of keys."""
    bob = stage.join("Bob")
    assert queries.some([open_room().room_id], [], [bob.key.hash]) == {}


def test_nobody_is_asked_for_without_a_query() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert queries.some([uuid4()], [], []) == {}
        assert queries.everybody([]) == {}
    assert len(captured) == 0


def test_a_key_that_is_nobodys_finds_nobody(stage: Stage) -> None:
    assert queries.some([stage.room_id], [uuid4()], [Key(uuid4()).hash]) == {}
