"""Leases and deadlines: renewed together, due when they have passed, handed over at the end."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from syncplay_backend.domain import limits
from syncplay_backend.rooms import leases
from syncplay_backend.rooms.instants import to_datetime, to_ms
from syncplay_backend.rooms.models import RoomSession, User
from tests.services.stage import Person, Stage, at_once, open_room

# After whatever the clock says: so that no live server takes a deadline of these for due.
LATER = 4_000_000_000_000


@pytest.fixture(autouse=True)
def _all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other tests' deadlines, which may be hundreds, are before these."""
    monkeypatch.setattr(leases, "DUE_AT_ONCE", 1_000_000)


@pytest.fixture
def stage() -> Stage:
    return open_room()


@pytest.fixture
def channel() -> str:
    return f"process {uuid4()}"


def lease_of(tab: UUID) -> int:
    return RoomSession.objects.get(id=tab).lease_until


def last_activity(tab: UUID) -> int:
    return to_ms(RoomSession.objects.get(id=tab).last_activity)


def away_until(who: Person, at: int | None) -> None:
    User.objects.filter(id=who.id).update(away_until=at)


def test_a_renewal_is_of_those_connections_and_of_nobody_elses(stage: Stage, channel: str) -> None:
    mine = [stage.enter(stage.alice, channel), stage.enter(stage.join("Bob"), channel)]
    other = stage.enter(stage.alice, "another process")
    before = lease_of(other)
    leases.renew([*mine, uuid4()], LATER)
    assert {lease_of(tab) for tab in mine} == {LATER + limits.LEASE}
    assert {last_activity(tab) for tab in mine} == {LATER}
    assert lease_of(other) == before


def test_leases_are_renewed_in_one_statement(stage: Stage, channel: str) -> None:
    tabs = [stage.enter(stage.join(name), channel) for name in ("Bob", "Charlie", "Dora", "Emil")]
    with CaptureQueriesContext(connection) as captured:
        leases.renew(tabs, LATER)
    assert len(captured) == 1


def test_nobodys_lease_can_be_renewed_to_see_whether_the_database_is_there(
    stage: Stage, channel: str
) -> None:
    tab = stage.enter(stage.alice, channel)
    before = lease_of(tab)
    with CaptureQueriesContext(connection) as captured:
        leases.renew([], LATER)
    assert len(captured) == 1
    assert lease_of(tab) == before


def test_a_thousand_leases_are_renewed_together(stage: Stage, channel: str) -> None:
    at = to_datetime(1_700_000_000_000)
    made = RoomSession.objects.bulk_create(
        RoomSession(
            room_id=stage.room_id,
            user_id=stage.alice.id,
            channel_name=channel,
            connected_at=at,
            last_activity=at,
            lease_until=LATER,  # in the past a server that shares the database would end them
        )
        for _ in range(1_500)
    )
    tabs = [session.id for session in made]
    leases.renew(tabs, LATER)
    renewed = RoomSession.objects.filter(channel_name=channel, lease_until=LATER + limits.LEASE)
    assert renewed.count() == 1_500
    assert leases.differences(channel, tabs) == (set(), [])
    assert leases.hand_over(channel, LATER) == 1_500
    RoomSession.objects.filter(channel_name=channel).delete()


def test_rows_and_sockets_are_compared(stage: Stage, channel: str) -> None:
    bob = stage.join("Bob")
    well, ghost = stage.enter(stage.alice, channel), stage.enter(bob, channel)
    stage.enter(bob, "another process")
    missing = uuid4()
    found = leases.differences(channel, [well, missing])
    assert found == ({missing}, [(stage.room_id, bob.id, ghost)])


@pytest.mark.servers
def test_a_row_that_somebody_else_has_locked_is_skipped_and_not_waited_for(
    stage: Stage, channel: str
) -> None:
    bob = stage.join("Bob")
    busy, free = stage.enter(stage.alice, channel), stage.enter(bob, channel)
    before, seen = lease_of(busy), stage.user(stage.alice).last_seen

    def renew_and_see() -> None:
        leases.renew([busy, free], LATER)
        leases.see([stage.alice.id, bob.id], LATER)

    with transaction.atomic():
        RoomSession.objects.select_for_update().get(id=busy)
        User.objects.select_for_update().get(id=stage.alice.id)
        at_once(renew_and_see)
    assert (lease_of(busy), lease_of(free)) == (before, LATER + limits.LEASE)
    assert stage.user(stage.alice).last_seen == seen
    assert stage.user(bob).last_seen == to_datetime(LATER)


def test_a_connection_that_opened_while_the_renewal_waited_for_its_turn_does_not_fail_it(
    stage: Stage, channel: str
) -> None:
    earlier, tab = stage.enter(stage.alice, channel), stage.enter(stage.alice, channel)
    now = to_ms(RoomSession.objects.get(id=earlier).connected_at)
    RoomSession.objects.filter(id=tab).update(
        connected_at=to_datetime(now + 500), last_activity=to_datetime(now + 500)
    )
    leases.renew([earlier, tab], now)
    assert lease_of(earlier) == lease_of(tab) == now + limits.LEASE
    assert to_ms(RoomSession.objects.get(id=tab).last_activity) == now + 500


def test_those_who_are_here_have_just_been_seen(stage: Stage) -> None:
    bob = stage.join("Bob")
    seen = stage.user(stage.alice).last_seen
    leases.see([bob.id], LATER)
    assert stage.user(bob).last_seen == to_datetime(LATER)
    assert stage.user(stage.alice).last_seen == seen


def test_a_process_that_ends_hands_its_members_over_to_the_grace_in_one_statement(
    stage: Stage, channel: str
) -> None:
    tabs = [stage.enter(stage.join(name), channel) for name in ("Bob", "Charlie")]
    other = stage.enter(stage.alice, "another process")
    before = lease_of(other)
    with CaptureQueriesContext(connection) as captured:
        assert leases.hand_over(channel, LATER) == 2
    assert len([query for query in captured if query["sql"].startswith("UPDATE")]) == 1
    assert {lease_of(tab) for tab in tabs} == {LATER + limits.GRACE}
    assert lease_of(other) == before


def test_a_lease_runs_out_when_it_says(stage: Stage) -> None:
    tab = stage.enter(stage.alice)
    due = (stage.room_id, stage.alice.id, tab)
    assert due not in leases.run_out(lease_of(tab) - 1)
    assert due in leases.run_out(lease_of(tab))


def test_a_place_is_given_up_when_its_deadline_says(stage: Stage) -> None:
    bob = stage.join("Bob")
    away_until(bob, LATER)
    assert (stage.room_id, bob.id) not in leases.given_up(LATER - 1)
    assert (stage.room_id, bob.id) in leases.given_up(LATER)
    away_until(bob, None)
    assert (stage.room_id, bob.id) not in leases.given_up(LATER)


def test_the_longest_due_come_first_and_not_too_many_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [stage.join(name) for name in ("Bob", "Charlie", "Dora")]
    for at, person in zip((3, 1, 2), people, strict=True):
        away_until(person, LATER + at)
    due = [found for found in leases.given_up(LATER + 10) if found[0] == stage.room_id]
    assert due == [(stage.room_id, people[n].id) for n in (1, 2, 0)]
    monkeypatch.setattr(leases, "DUE_AT_ONCE", 1)
    assert len(leases.given_up(LATER + 10)) == 1
    for person in people:
        away_until(person, None)
