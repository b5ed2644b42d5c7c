"""The event log: pages of it, how far it goes, and what lies beyond what is known."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncplay_backend.domain import commands as c
from syncplay_backend.rooms import log
from syncplay_backend.rooms.log import Wanted
from syncplay_backend.rooms.models import Room
from tests.services.stage import Stage, open_room


@pytest.fixture
def stage() -> Stage:
    """Event 1 is Alice's join, 2 to 11 are her seeks."""
    stage = open_room()
    for position in range(10):
        stage.seek(position)
    return stage


def seqs(stage: Stage, **wanted: object) -> list[int]:
    given = {"limit": 50} | wanted
    return [kept.entry.seq for kept in log.page(stage.room_id, Wanted(**given))]


def test_a_page_is_oldest_first(stage: Stage) -> None:
    assert seqs(stage) == list(range(1, 12))


def test_without_a_beginning_it_is_the_newest_events(stage: Stage) -> None:
    assert seqs(stage, limit=3) == [9, 10, 11]
    assert seqs(stage, limit=3, before=9) == [6, 7, 8]


def test_after_says_where_it_begins(stage: Stage) -> None:
    assert seqs(stage, limit=3, after=4) == [5, 6, 7]
    assert seqs(stage, after=9, before=11) == [10]
    assert seqs(stage, after=11) == []


def test_a_page_may_be_of_one_type(stage: Stage) -> None:
    assert seqs(stage, type="user_joined") == [1]
    assert seqs(stage, type="no such type") == []
    assert seqs(stage, type="seek", limit=2) == [10, 11]
    assert seqs(stage, type="seek", limit=2, after=5) == [6, 7]


def test_of_one_type_so_many_events_are_looked_through_and_no_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a room with a long log would answer for a rare type by reading all of it."""
    monkeypatch.setattr(log, "LOOKED_THROUGH", 4)
    assert seqs(stage, type="seek") == [8, 9, 10, 11]
    assert seqs(stage, type="seek", before=8) == [4, 5, 6, 7]
    assert seqs(stage, type="seek", after=1) == [2, 3, 4, 5]
    assert seqs(stage, type="user_joined", after=0) == [1]
    assert seqs(stage, type="user_joined") == []


def test_of_one_type_the_log_is_looked_through_where_it_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been cut at its old end, and not go as far as somebody asks."""
    monkeypatch.setattr(log, "LOOKED_THROUGH", 2)
    stage.row.messages.filter(seq__lt=8).delete()
    Room.objects.filter(id=stage.room_id).update(first_seq=8)
    assert seqs(stage, type="seek", after=0) == [8, 9]
    assert seqs(stage, type="seek", before=1_000) == [10, 11]
    assert log.page(uuid4(), Wanted(50, type="seek")) == []


def test_an_entry_tells_what_who_when_and_through_which_connection(stage: Stage) -> None:
    tab = stage.enter(stage.alice)
    stage.give(c.Seek(120.25), stage.alice.at(tab))
    [sought] = log.page(stage.room_id, Wanted(limit=1))
    assert sought.id == stage.rows[-1].id
    entry = sought.entry
    assert (entry.type, entry.by, entry.origin) == ("seek", stage.alice.id, tab)
    assert entry.at == stage.state.active_at
    assert entry.data["position"] == 120.25


def test_standings_tell_how_far_each_room_goes(stage: Stage) -> None:
    other = open_room()
    found = log.standings([stage.room_id, other.room_id, uuid4()])
    assert {id: standing.seq for id, standing in found.items()} == {
        stage.room_id: 11,
        other.room_id: 1,
    }
    assert found[stage.room_id].epoch == stage.state.epoch
    assert found[stage.room_id].first_seq == 1


def test_what_is_beyond_comes_in_order_at_most_so_many_a_room_in_one_query(stage: Stage) -> None:
    other = open_room()
    with CaptureQueriesContext(connection) as captured:
        found = log.beyond({stage.room_id: 4, other.room_id: 0, uuid4(): 0}, 3)
    assert len(captured) == 1
    for room_id, expected in ((stage.room_id, [5, 6, 7]), (other.room_id, [1])):
        assert [entry.seq for entry in found if entry.room_id == room_id] == expected


def test_five_hundred_rooms_are_asked_for_at_once(stage: Stage) -> None:
    known = {uuid4(): 0 for _ in range(499)} | {stage.room_id: 10}
    assert [entry.seq for entry in log.beyond(known, 200)] == [11]
    assert list(log.standings(list(known))) == [stage.room_id]


def test_nothing_is_beyond_where_nothing_is_asked() -> None:
    assert log.beyond({}, 200) == []
    assert log.standings([]) == {}


def test_first_seq_is_where_the_log_begins(stage: Stage) -> None:
    Room.objects.filter(id=stage.room_id).update(first_seq=8)
    assert log.standings([stage.room_id])[stage.room_id].first_seq == 8
