"""Who is in a room, written down: only what changed, in as few statements for many as for one."""

from __future__ import annotations

from uuid import uuid4

from msgspec.structs import replace

from syncplay_backend.domain.people import State
from syncplay_backend.domain.state import Room
from syncplay_backend.rooms import people
from syncplay_backend.rooms.transaction import transaction
from tests.services.stage import open_room


def written(*changes: tuple[Room | None, Room]) -> int:
    """How many statements the changes took."""
    writes = people.changes(list(changes))
    with transaction() as begun:
        begun.write(writes)
    return len(writes)


def test_where_nobody_changed_nothing_is_written() -> None:
    room = open_room().state
    assert written((room, replace(room, seq=9))) == 0


def test_newcomers_of_many_rooms_are_one_statement() -> None:
    changes = []
    for _ in range(5):
        before = open_room().state
        someone = next(iter(before.members.values()))
        charlie = replace(someone, id=uuid4(), name="Charlie", key_hash=uuid4().bytes)
        changes.append((before, replace(before, members={**before.members, charlie.id: charlie})))
    assert written(*changes) == 1


def test_what_a_player_says_changes_its_socket_alone() -> None:
    stage = open_room()
    tab = stage.enter(stage.alice)
    before = stage.state
    [held] = before.members[stage.alice.id].connections
    told = replace(held, state=State.READY, round_trip=40)
    alice = replace(before.members[stage.alice.id], connections=(told,))
    written((before, replace(before, members={alice.id: alice})))
    assert stage.member(stage.alice).connections == (told,)
    assert told.id == tab
