"""What is old: found without touching what is used, and deleted bit by bit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now as right_now

from syncplay_backend.domain import commands as c
from syncplay_backend.rooms import attic
from syncplay_backend.rooms.instants import to_datetime, to_ms
from syncplay_backend.rooms.models import Message, Room, RoomSession, User
from tests.services.stage import Stage, open_room

HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture
def stage() -> Stage:
    return open_room()


@pytest.fixture
def now() -> int:
    return to_ms(right_now())


def is_unused(stage: Stage, quiet_since: int) -> bool:
    return stage.room_id in [id for id, _ in attic.unused_rooms(quiet_since)]


def test_a_room_is_unused_when_it_is_old_quiet_and_empty(stage: Stage, now: int) -> None:
    stage.age(2 * HOUR)
    assert is_unused(stage, now - HOUR)
    assert not is_unused(stage, now - 3 * HOUR)


def test_a_room_with_a_connection_is_used_however_old(stage: Stage, now: int) -> None:
    stage.enter(stage.alice)
    stage.age(2 * HOUR)
    assert not is_unused(stage, now - HOUR)


def test_an_old_room_in_which_something_happened_is_used(stage: Stage, now: int) -> None:
    stage.age(2 * HOUR)
    stage.seek(5)
    assert not is_unused(stage, now - HOUR)


def test_only_a_closed_room_is_deleted(stage: Stage) -> None:
    assert attic.delete_some(stage.room_id) is False
    assert Room.objects.filter(id=stage.room_id).exists()


def test_a_closed_room_is_deleted_in_small_transactions(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attic, "AT_ONCE", 4)
    stage.enter(stage.join("Bob"))
    for position in range(10):
        stage.seek(position)
    stage.give(c.Close())
    left = [Message.objects.filter(room_id=stage.room_id).count()]
    while attic.delete_some(stage.room_id):
        left.append(Message.objects.filter(room_id=stage.room_id).count())
    assert left[:5] == [14, 10, 6, 2, 0]
    for model in (Room, User, RoomSession):
        key = "id" if model is Room else "room_id"
        assert not model._default_manager.filter(**{key: stage.room_id}).exists()
    assert attic.delete_some(stage.room_id) is False


def test_stale_sessions_are_those_whose_lease_is_over(stage: Stage) -> None:
    tab = stage.enter(stage.alice)
    ends_at = RoomSession.objects.get(id=tab).lease_until
    assert tab not in [id for _, _, id in attic.stale_sessions(ends_at)]
    assert (stage.room_id, stage.alice.id, tab) in attic.stale_sessions(ends_at + 1)


@pytest.fixture
def long_log(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Thirty events, of which ten must stay however old they are."""
    monkeypatch.setattr(attic, "KEPT_EVENTS", 10)
    for position in range(29):
        stage.seek(position)
    return stage


def seqs(stage: Stage) -> list[int]:
    return [row.seq for row in stage.rows]


def make_old(stage: Stage, up_to: int, now: int) -> None:
    old = Message.objects.filter(room_id=stage.room_id, seq__lte=up_to)
    old.update(timestamp=to_datetime(now - DAY) - timedelta(minutes=1))


def test_the_log_is_cut_at_its_old_end_only(long_log: Stage, now: int) -> None:
    make_old(long_log, 30, now)
    assert long_log.room_id in attic.long_logs()
    attic.cut_log(long_log.room_id, now)
    assert seqs(long_log) == list(range(21, 31))
    assert (long_log.row.first_seq, long_log.row.seq) == (21, 30)
    assert long_log.room_id not in attic.long_logs()


def test_what_is_of_the_last_day_stays_in_the_log_however_much_it_is(
    long_log: Stage, now: int
) -> None:
    make_old(long_log, 5, now)
    attic.cut_log(long_log.room_id, now)
    assert seqs(long_log) == list(range(6, 31))
    assert long_log.row.first_seq == 6
    attic.cut_log(long_log.room_id, now)
    assert seqs(long_log) == list(range(6, 31))


def test_a_young_log_is_not_cut(long_log: Stage, now: int) -> None:
    attic.cut_log(long_log.room_id, now)
    assert seqs(long_log) == list(range(1, 31))
    assert long_log.row.first_seq == 1


def test_a_short_log_is_not_cut_however_old(stage: Stage, now: int) -> None:
    make_old(stage, 1, now)
    attic.cut_log(stage.room_id, now)
    assert seqs(stage) == [1]


def test_after_a_cut_the_events_go_on_where_they_were(long_log: Stage, now: int) -> None:
    make_old(long_log, 30, now)
    attic.cut_log(long_log.room_id, now)
    long_log.seek(99)
    assert seqs(long_log)[-1] == 31
    assert long_log.row.first_seq == 21


def test_a_new_epoch_is_begun_for_some_rooms_at_a_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attic, "AT_ONCE", 2)
    epoch = stage.state.epoch
    last, begun = None, []
    while ids := attic.begin_new_epoch(last):
        begun, last = begun + ids, ids[-1]
    assert stage.room_id in begun
    assert len(set(begun)) == len(begun)
    assert stage.state.epoch != epoch
