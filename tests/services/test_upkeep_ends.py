"""How the live part of a process begins, and how it ends."""

from __future__ import annotations

import asyncio

import pytest

from syncplay_backend.domain import limits
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms.models import RoomSession
from syncplay_backend.services import upkeep
from syncplay_backend.services.process import Process
from syncplay_backend.services.upkeep import Upkeep
from tests.services.stage import open_room


async def test_the_process_hands_its_members_over_when_it_stops(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_room()
    drained: list[bool] = []
    monkeypatch.setattr(upkeep, "drain", lambda: drained.append(True))
    tab = stage.enter(stage.alice, process.post.channel)
    await upkeep.stop()
    assert process.leaving
    assert drained
    left = RoomSession.objects.get(id=tab).lease_until - clock.now()
    assert limits.GRACE - 5_000 < left <= limits.GRACE
    assert stage.member(stage.alice).is_online


async def test_a_process_that_never_began_has_nothing_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upkeep, "_current", None)
    upkeep.stop_entering()
    await upkeep.stop()


async def test_the_process_of_an_event_loop_is_made_once_and_its_loops_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upkeep, "_current", None)
    swept = asyncio.Event()
    monkeypatch.setattr(upkeep, "SWEEP", 0.01)

    async def sweep(self: Upkeep) -> None:
        swept.set()

    monkeypatch.setattr(Upkeep, "sweep", sweep)
    process = upkeep.current()
    assert upkeep.current() is process
    await asyncio.wait_for(swept.wait(), 5)
    await process.stop()
