"""One clock for all processes, and what becomes of the videos when it is set."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from syncplay_backend.domain import commands as c
from syncplay_backend.live.clock import clock
from syncplay_backend.services import timekeeping
from tests.services.stage import Stage, open_room, soon


class Clock:
    """It was off by `error`, and is told so."""

    def __init__(self) -> None:
        self.corrections: list[float] = []

    def correct(self, error: float) -> bool:
        self.corrections.append(error)
        return abs(error) > 250

    def now(self) -> int:
        return clock.now() + round(sum(self.corrections))


class Database:
    """What its clock is measured to be, one after the other; then for ever the last."""

    def __init__(self, *errors: float | Exception | None) -> None:
        self._errors = list(errors)

    def __call__(self) -> float | None:
        error = self._errors.pop(0) if len(self._errors) > 1 else self._errors[0]
        if isinstance(error, Exception):
            raise error
        return error


class Keeping:
    """A process with these rooms, whose minutes pass as often as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *room_ids: UUID) -> None:
        self.clock = Clock()
        self.sent: list[tuple[UUID, Any]] = []
        self.process: Any = SimpleNamespace(hub=SimpleNamespace(rooms=dict.fromkeys(room_ids)))
        self._patch = monkeypatch
        monkeypatch.setattr(timekeeping, "clock", self.clock)
        monkeypatch.setattr(timekeeping, "submit", lambda *sent: self.sent.append(sent))

    async def keep(self, *errors: float | Exception | None) -> None:
        """Ask once for each of them."""
        self._patch.setattr(timekeeping, "_measure", Database(*errors))
        minutes = 0
        over = asyncio.Event()

        async def sleep(seconds: float) -> None:
            nonlocal minutes
            minutes += 1
            if minutes == len(errors):
                over.set()
                await asyncio.Future()

        self._patch.setattr(timekeeping, "asyncio", SimpleNamespace(sleep=sleep))
        keeping = asyncio.create_task(timekeeping.keep_time_for_ever(self.process))
        async with asyncio.timeout(10):
            await over.wait()
        keeping.cancel()


@pytest.fixture
def playing() -> Stage:
    stage = open_room()
    stage.play(100)
    return stage


def test_it_is_the_processs_clock() -> None:
    assert abs(timekeeping.precise() - clock.precise()) < 1_000


async def test_a_small_error_moves_no_video(
    monkeypatch: pytest.MonkeyPatch, playing: Stage
) -> None:
    keeping = Keeping(monkeypatch, playing.room_id)
    await keeping.keep(5.0, -3.0, 200.0)

    assert keeping.clock.corrections == [5.0, -3.0, 200.0]
    assert keeping.sent == []


@pytest.mark.parametrize("error", [10_000.0, -10_000.0, 251.0])
async def test_when_the_clock_is_set_videos_that_play_are_anchored_anew(
    monkeypatch: pytest.MonkeyPatch, playing: Stage, error: float
) -> None:
    anchored_at = (await asyncio.to_thread(lambda: playing.state)).timeline.at
    keeping = Keeping(monkeypatch, playing.room_id)
    await keeping.keep(0.0, error)

    again = c.Reanchor(anchored_at=anchored_at, by=round(error))
    assert keeping.sent == [(playing.room_id, again)]


async def test_what_stands_still_needs_no_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    paused = await asyncio.to_thread(open_room)
    keeping = Keeping(monkeypatch, paused.room_id, uuid4())
    await keeping.keep(0.0, 10_000.0)

    assert keeping.sent == []


async def test_a_process_that_begins_with_a_wrong_clock_moves_no_video(
    monkeypatch: pytest.MonkeyPatch, playing: Stage
) -> None:
    """The rooms were anchored by those who knew the time."""
    keeping = Keeping(monkeypatch, playing.room_id)
    await keeping.keep(-7_000.0)

    assert keeping.clock.corrections == [-7_000.0]
    assert keeping.sent == []


async def test_that_the_database_was_away_is_no_beginning_and_no_end(
    monkeypatch: pytest.MonkeyPatch, playing: Stage
) -> None:
    keeping = Keeping(monkeypatch, playing.room_id)
    await keeping.keep(OSError("away"), -7_000.0, OSError("away"), 10_000.0)

    assert [command.by for _, command in keeping.sent] == [10_000]


async def test_what_another_process_has_seen_to_is_right(
    monkeypatch: pytest.MonkeyPatch, playing: Stage
) -> None:
    """All find out within the same minute, and one of them is enough."""
    at = (await asyncio.to_thread(lambda: playing.state)).timeline.at
    await asyncio.to_thread(playing.give, c.Reanchor(anchored_at=at, by=0))
    keeping = Keeping(monkeypatch, playing.room_id)
    await keeping.keep(0.0, 500.0)

    assert keeping.sent == []


async def test_a_seek_of_somebody_is_not_the_servers(
    monkeypatch: pytest.MonkeyPatch, playing: Stage
) -> None:
    await asyncio.to_thread(playing.seek, 5)
    keeping = Keeping(monkeypatch, playing.room_id)
    await keeping.keep(0.0, 500.0)

    assert len(keeping.sent) == 1


def test_the_database_servers_clock_is_measured_where_it_has_one() -> None:
    error = timekeeping._measure()
    if connection.vendor == "postgresql":
        assert error is not None
        assert abs(error) < 1_000
    else:
        assert error is None


def test_the_sample_with_the_least_round_trip_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = iter([(9.0, 80.0), (1.5, -2.0), (40.0, 0.0), *[(5.0, 7.0)] * 5])
    monkeypatch.setattr(timekeeping, "_sample", lambda: next(samples))
    monkeypatch.setattr(timekeeping, "connection", SimpleNamespace(vendor="postgresql"))

    assert timekeeping._measure() == -2.0


async def test_reanchoring_goes_all_the_way(playing: Stage) -> None:
    """The position goes on from where it was, as everybody sees it."""

    def position() -> float:
        return playing.state.timeline.position_at(clock.now())

    before = await asyncio.to_thread(lambda: playing.state)
    await soon(lambda: clock.now() > before.timeline.at + 20)
    await asyncio.to_thread(playing.give, c.Reanchor(anchored_at=before.timeline.at, by=0))

    expected = before.timeline.position_at(clock.now())
    assert await asyncio.to_thread(position) == pytest.approx(expected, abs=0.5)
