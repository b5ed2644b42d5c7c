"""What a process does by itself: leases are renewed and judged, deadlines fire once."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import limits
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Refused, unavailable
from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection
from syncplay_backend.rooms import leases, queries
from syncplay_backend.rooms.instants import to_ms
from syncplay_backend.rooms.models import RoomSession, User
from syncplay_backend.services import upkeep
from syncplay_backend.services.process import Process
from syncplay_backend.services.upkeep import Upkeep
from tests.live.paper import EPOCH, Paper, a_connection, code_of, snapshot
from tests.services.stage import Person, Stage, open_room, soon

LEASE = limits.LEASE


@pytest.fixture
def stage() -> Stage:
    return open_room()


@pytest.fixture
def keeper(process: Process) -> Upkeep:
    return Upkeep(process)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How far the clock is ahead of what it would say, as a test sets it."""
    ahead, tells = [0], clock.now
    monkeypatch.setattr(clock, "now", lambda: tells() + ahead[0])
    return ahead


def sit(process: Process, stage: Stage, who: Person) -> tuple[Connection, Paper]:
    """A member with a socket at this process."""
    connection, paper = a_connection(2, stage.room_id, who.id)
    connection.id = stage.enter(who, process.post.channel)
    process.hub.listen(connection)
    process.hub.start(connection, [snapshot(1)], stage.state.seq, EPOCH)
    return connection, paper


def session(tab: UUID) -> RoomSession:
    return RoomSession.objects.get(id=tab)


def expire(tab: UUID) -> None:
    RoomSession.objects.filter(id=tab).update(lease_until=1)


async def test_the_leases_of_this_process_are_renewed(
    process: Process, keeper: Upkeep, stage: Stage
) -> None:
    connection, _ = sit(process, stage, stage.alice)
    expire(connection.id)
    before = clock.now()
    await keeper.renew()
    assert session(connection.id).lease_until >= before + LEASE


async def test_what_was_handed_over_is_not_renewed_any_more(
    process: Process, keeper: Upkeep, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process begins to end between two parts of a renewal."""
    monkeypatch.setattr(upkeep, "PART", 1)
    first, _ = sit(process, stage, stage.alice)
    second, _ = sit(process, stage, stage.join("Bob"))
    expire(second.id)
    renew = leases.renew

    def renew_and_end(ids: list[UUID], now: int) -> None:
        renew(ids, now)
        process.leaving = True

    monkeypatch.setattr(leases, "renew", renew_and_end)
    await keeper.renew()
    assert session(first.id).lease_until > 1
    assert session(second.id).lease_until == 1


async def test_who_is_here_has_been_seen(process: Process, keeper: Upkeep, stage: Stage) -> None:
    sit(process, stage, stage.alice)
    before = clock.now()
    await keeper.see()
    seen = stage.user(stage.alice).last_seen
    assert seen is not None
    assert to_ms(seen) >= before


async def test_a_row_that_is_gone_is_entered_again(
    process: Process, keeper: Upkeep, stage: Stage
) -> None:
    connection, paper = sit(process, stage, stage.alice)
    stage.give(c.Disconnect(connection.id), stage.alice.actor)
    assert not stage.member(stage.alice).is_online
    await keeper.renew()
    assert [held.id for held in stage.member(stage.alice).connections] == [connection.id]
    assert stage.log[-1] == "user_joined"
    assert paper.closed is None


async def test_who_is_no_member_any_more_is_not_entered_again_but_told(
    process: Process, keeper: Upkeep, stage: Stage
) -> None:
    bob = stage.join("Bob")
    _, paper = sit(process, stage, bob)
    User.objects.filter(id=bob.id).delete()
    await keeper.renew()
    assert code_of(paper.frames[-1]) == "unknown_user"
    assert paper.closed == Close.NOT_JOINED


async def test_who_is_still_entering_is_not_entered_again(
    process: Process, keeper: Upkeep, stage: Stage
) -> None:
    entering, _ = a_connection(2, stage.room_id, stage.alice.id)
    process.hub.listen(entering)
    await keeper.renew()
    assert stage.log == ["user_joined"]


async def test_ghosts_are_ended(process: Process, keeper: Upkeep, stage: Stage) -> None:
    """A row of this process whose socket is gone: the disconnect could not be written."""
    connection, _ = sit(process, stage, stage.alice)
    elsewhere = stage.enter(stage.join("Bob"), "another process")
    process.hub.remove(connection)
    await keeper.renew()
    await soon(lambda: not stage.member(stage.alice).is_online)
    assert session(elsewhere)


async def test_a_process_that_is_ending_ends_nobodys_presence(
    process: Process, keeper: Upkeep, stage: Stage
) -> None:
    """Its sockets are closed already, and its rows wait to be handed over."""
    connection, _ = sit(process, stage, stage.alice)
    process.hub.remove(connection)
    process.leaving = True
    await keeper.renew()
    stage.seek(1)  # what a ghost's end would have come before
    assert stage.member(stage.alice).is_online


async def test_leases_are_judged_only_after_a_whole_lease_of_renewal(
    keeper: Upkeep, now: list[int]
) -> None:
    assert not keeper.may_judge(clock.now())
    for seconds in range(0, LEASE // 1000, 10):
        now[0] = seconds * 1000
        await keeper.renew()
        assert not keeper.may_judge(clock.now())
    now[0] = LEASE + 1000
    await keeper.renew()
    assert keeper.may_judge(clock.now())


async def test_after_a_stall_a_whole_lease_must_pass_again(keeper: Upkeep, now: list[int]) -> None:
    await _trusted(keeper, now)
    now[0] += LEASE + 1000  # nothing went on for that long
    assert not keeper.may_judge(clock.now())
    await keeper.renew()
    assert not keeper.may_judge(clock.now())


async def test_after_a_failed_renewal_a_whole_lease_must_pass_again(
    keeper: Upkeep, now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    await _trusted(keeper, now)

    def fail(ids: list[UUID], at: int) -> None:
        raise unavailable()

    with monkeypatch.context() as broken:
        broken.setattr(leases, "renew", fail)
        with pytest.raises(Refused):
            await keeper.renew()
    assert not keeper.may_judge(clock.now())
    await keeper.renew()
    assert not keeper.may_judge(clock.now())


async def _trusted(keeper: Upkeep, now: list[int]) -> None:
    for seconds in range(0, LEASE // 1000 + 10, 10):
        now[0] = seconds * 1000
        await keeper.renew()
    assert keeper.may_judge(clock.now())


async def test_a_database_that_stalled_empties_no_room(
    keeper: Upkeep, stage: Stage, now: list[int]
) -> None:
    tab = stage.enter(stage.alice, "another process")
    now[0] = LEASE + 1000
    await keeper.renew()
    await keeper.sweep()
    stage.seek(1)
    assert session(tab)


async def test_a_lease_that_runs_out_ends_like_a_disconnect(
    process: Process, keeper: Upkeep, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "may_judge", lambda now: True)
    tab = stage.enter(stage.alice, "a killed process")
    expire(tab)
    await keeper.sweep()
    await soon(lambda: not stage.member(stage.alice).is_online)
    assert stage.log[-1] == "user_offline"
    left = stage.member(stage.alice).away_until - clock.now()
    assert limits.GRACE - 5_000 < left <= limits.GRACE


async def test_the_grace_begins_only_if_no_other_connection_is_there(
    process: Process, keeper: Upkeep, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "may_judge", lambda now: True)
    expire(stage.enter(stage.alice, "a killed process"))
    living = stage.enter(stage.alice, "another process")
    await keeper.sweep()
    await soon(lambda: len(stage.member(stage.alice).connections) == 1)
    assert stage.member(stage.alice).connections[0].id == living
    assert stage.member(stage.alice).away_until is None
    assert "user_offline" not in stage.log


async def test_a_deadline_fires_once_even_when_two_processes_sweep(
    process: Process, keeper: Upkeep, stage: Stage
) -> None:
    bob = stage.join("Bob")
    User.objects.filter(id=bob.id).update(away_until=1)
    stage.change_elsewhere()
    await asyncio.gather(*[Upkeep(process).sweep() for _ in range(4)])
    await soon(lambda: "user_left" in stage.log)
    stage.seek(1)
    assert stage.log.count("user_left") == 1


async def test_a_deadline_that_was_put_off_in_the_meantime_does_not_fire(
    process: Process, stage: Stage
) -> None:
    bob = stage.join("Bob")
    stage.give(c.GiveUpPlace(bob.id))
    tab = stage.enter(bob)
    stage.give(c.EndLease(bob.id, tab))
    assert stage.log == ["user_joined"] * 3
    assert stage.member(bob).is_online


async def test_a_host_who_does_not_come_back_is_succeeded(
    process: Process, keeper: Upkeep, stage: Stage
) -> None:
    tab = stage.enter(stage.alice)
    waiting, bob = stage.join("Charlie"), stage.join("Bob")
    stage.enter(bob)
    stage.give(c.Disconnect(tab), stage.alice.actor)
    assert stage.state.host_id == stage.alice.id, "it is waited for"
    User.objects.filter(id=stage.alice.id).update(away_until=1)
    stage.change_elsewhere()
    await keeper.sweep()
    await soon(lambda: stage.state.host_id == bob.id)
    assert stage.log[-2:] == ["user_left", "host_changed"]
    assert waiting.id in stage.state.members


async def test_who_does_not_read_is_dropped(process: Process, keeper: Upkeep, stage: Stage) -> None:
    _, paper = sit(process, stage, stage.alice)
    paper.stuck = True
    await keeper.drop_stuck()
    assert paper.given_up


async def test_tidying_deletes_what_is_old_and_cuts_the_logs(
    keeper: Upkeep, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[bool] = []
    monkeypatch.setattr(upkeep.housekeeping, "cut_logs", lambda: cut.append(True))
    used = open_room()
    stage.age(25 * 3_600_000)
    await keeper.tidy()
    assert not queries.exists(stage.room_id)
    assert queries.exists(used.room_id)
    assert cut
