"""Tidying up: what nobody uses is closed, then deleted; what somebody uses never is."""

from __future__ import annotations

from concurrent.futures import Future
from uuid import UUID

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Refused, unavailable
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms import attic, queries
from syncplay_backend.rooms.models import Room, RoomSession
from syncplay_backend.services import housekeeping
from syncplay_backend.services.housekeeping import HOUR, STALE, clean_up
from tests.services.stage import Stage, open_room


@pytest.fixture
def old() -> Stage:
    stage = open_room()
    stage.age(25 * HOUR)
    return stage


def swept(hours: float = 24, *, dry_run: bool = False) -> set:
    return {id for id, _ in clean_up(hours=hours, dry_run=dry_run).rooms}


def test_an_old_quiet_empty_room_is_deleted(old: Stage) -> None:
    young = open_room()
    deleted = swept()
    assert old.room_id in deleted
    assert young.room_id not in deleted
    assert not queries.exists(old.room_id)
    assert queries.exists(young.room_id)


def test_a_dry_run_says_the_same_and_deletes_nothing(old: Stage) -> None:
    assert old.room_id in swept(dry_run=True)
    assert queries.exists(old.room_id)
    assert old.log == ["user_joined"]


def test_a_room_in_use_is_never_deleted_however_old(old: Stage) -> None:
    old.enter(old.alice)
    old.age(25 * HOUR)
    assert old.room_id not in swept()
    assert queries.exists(old.room_id)


def test_a_room_that_came_into_use_after_it_was_looked_for_is_left_alone(
    old: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    unused = attic.unused_rooms

    def then_somebody_comes(quiet_since: int) -> list:
        found = unused(quiet_since)
        old.enter(old.alice)
        return found

    monkeypatch.setattr(attic, "unused_rooms", then_somebody_comes)
    assert old.room_id not in swept()
    assert queries.exists(old.room_id)


def test_it_is_closed_first_so_that_nobody_can_come_in_while_it_is_deleted(
    old: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_at: list[int | None] = []
    delete_some = attic.delete_some

    def watched(room_id: UUID) -> bool:
        if room_id == old.room_id:
            closed_at.extend(row.closed_at for row in Room.objects.filter(id=room_id))
        return delete_some(room_id)

    monkeypatch.setattr(attic, "delete_some", watched)
    assert old.room_id in swept()
    assert closed_at
    assert all(closed_at)


def test_a_room_that_was_closed_before_is_deleted_and_stops_nobody_else(old: Stage) -> None:
    old.give(c.Close())
    old.age(25 * HOUR)
    other = open_room()
    other.age(26 * HOUR)
    assert {old.room_id, other.room_id} <= swept()


def test_a_room_that_another_process_deleted_meanwhile_stops_nobody(
    old: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_room()
    other.age(25 * HOUR)
    unused = attic.unused_rooms

    def then_one_is_gone(quiet_since: int) -> list:
        found = unused(quiet_since)
        old.row.delete()
        return found

    monkeypatch.setattr(attic, "unused_rooms", then_one_is_gone)
    deleted = swept()
    assert other.room_id in deleted
    assert old.room_id not in deleted


def test_a_room_that_cannot_be_closed_stops_nobody_else(old: Stage) -> None:
    other = open_room()
    other.age(26 * HOUR)
    old.change_elsewhere(seq=0)  # behind its own log: the next seq is taken
    deleted = swept()
    assert other.room_id in deleted
    assert old.room_id not in deleted
    Room.objects.filter(id=old.room_id).delete()


def test_a_database_that_is_away_is_told(old: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(room_id: object, command: object, actor: object) -> Future:
        future: Future = Future()
        future.set_exception(unavailable())
        return future

    monkeypatch.setattr(housekeeping, "submit", away)
    with pytest.raises(Refused):
        swept()


def test_stale_sessions_end_like_disconnects() -> None:
    stage = open_room()
    tab = stage.enter(stage.alice, "a process that died")
    RoomSession.objects.filter(id=tab).update(lease_until=clock.now() - STALE - 1)
    clean_up(hours=24, dry_run=False)
    assert not stage.member(stage.alice).is_online
    assert stage.log[-1] == "user_offline"
    assert queries.exists(stage.room_id)


def test_logs_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attic, "KEPT_EVENTS", 5)
    monkeypatch.setattr(attic, "KEPT_FOR", -1)
    stage = open_room()
    for position in range(20):
        stage.seek(position)
    housekeeping.cut_logs()
    assert [row.seq for row in stage.rows] == [17, 18, 19, 20, 21]
    assert stage.row.first_seq == 17
