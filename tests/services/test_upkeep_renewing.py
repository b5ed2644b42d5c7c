"""A renewal takes its time: what comes and goes meanwhile is neither a ghost nor lost."""

from __future__ import annotations

from uuid import UUID

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.rooms import leases
from syncplay_backend.services import upkeep
from syncplay_backend.services.execute import submit
from syncplay_backend.services.process import Process
from syncplay_backend.services.upkeep import Upkeep
from tests.services.stage import Stage, open_room
from tests.services.test_upkeep import session, sit


@pytest.fixture
def stage() -> Stage:
    return open_room()


@pytest.fixture
def keeper(process: Process) -> Upkeep:
    return Upkeep(process)


async def test_who_has_come_since_the_rows_were_asked_for_is_no_ghost(
    process: Process, keeper: Upkeep, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = leases.differences
    connection, _ = sit(process, stage, stage.alice)
    monkeypatch.setattr(leases, "differences", lambda channel, ids: compare(channel, ()))
    await keeper.renew()
    stage.seek(1)  # what a ghost's end would have come before
    assert session(connection.id)


async def test_who_has_gone_since_the_rows_were_asked_for_is_not_entered_again(
    process: Process, keeper: Upkeep, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, _ = sit(process, stage, stage.alice)
    stage.give(c.Disconnect(connection.id), stage.alice.actor)

    def compare(channel: str, ids: list[UUID]) -> tuple[set[UUID], leases.Leased]:
        process.hub.remove(connection)
        return {connection.id}, []

    monkeypatch.setattr(leases, "differences", compare)
    await keeper.renew()
    assert not stage.member(stage.alice).is_online


async def test_between_two_parts_of_a_renewal_commands_are_committed(
    process: Process, keeper: Upkeep, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PART", 2)
    tabs = {sit(process, stage, stage.alice)[0].id for _ in range(5)}
    parts: list[list[UUID]] = []
    logs: list[int] = []

    def renew(ids: list[UUID], now: int) -> None:
        parts.append(ids)
        logs.append(len(stage.rows))
        submit(stage.room_id, c.Seek(float(len(parts))), stage.alice.actor)

    monkeypatch.setattr(leases, "renew", renew)
    await keeper.renew()
    assert [len(part) for part in parts] == [2, 2, 1]
    assert {id for part in parts for id in part} == tabs
    assert logs == sorted(set(logs)), "each part sees what was said during the one before"
