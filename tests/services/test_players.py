"""What players tell of themselves: noted here, and told to the room where it has to wait."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from syncplay_backend.domain import wire
from syncplay_backend.domain.people import State
from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.telemetry import Reading
from syncplay_backend.services import players, upkeep
from syncplay_backend.services.process import Process
from tests.live.lines import NewestPaper, connected
from tests.services.stage import Stage, entering, open_room, soon


@pytest.fixture
def stage() -> Stage:
    return open_room()


def alices_player(process: Process, stage: Stage, trip: float = 20.0) -> Connection:
    """Her connection, with a row in the database, that has the room as it is."""
    enter = entering(stage.alice.key, precise=True)
    stage.give(enter)
    visit, _ = sit(process, stage.room_id, stage.alice.id, trip=trip)
    process.hub.remove(visit)
    visit.id = enter.connection_id
    process.hub.listen(visit)
    return visit


def sit(
    process: Process, room_id: UUID, member_id: UUID, **more: Any
) -> tuple[Connection, NewestPaper]:
    visit, paper = connected(room_id=room_id, member_id=member_id, **more)
    process.hub.listen(visit)
    return visit, paper


def test_a_heartbeat_bears_the_time() -> None:
    at = json.loads(players.heartbeat())["data"]["at"]
    assert abs(at - clock.now()) < 1_000


def test_a_time_is_stamped_when_it_is_sent_and_not_when_it_is_asked() -> None:
    answer = players.time(12.5, heard_at=clock.precise())
    asked = clock.precise()
    while clock.precise() < asked + 2:
        pass
    data = json.loads(answer())["data"]

    assert data["t0"] == 12.5
    assert data["t1"] <= asked
    assert data["t2"] >= asked + 2


class TestReporting:
    async def test_it_is_noted_with_the_round_trip(self, process: Process, stage: Stage) -> None:
        visit = alices_player(process, stage, trip=33.0)
        players.report(visit, wire.StatusFrame("ready", position=4.0, offset=-6.0))

        [noted] = process.telemetry.of_room(stage.room_id, clock.now())
        assert (noted.member_id, noted.connection_id) == (stage.alice.id, visit.id)
        assert (noted.state, noted.position, noted.offset, noted.round_trip) == (
            "ready",
            4.0,
            -6.0,
            33.0,
        )

    async def test_a_state_that_has_changed_goes_down_the_road(
        self, process: Process, stage: Stage
    ) -> None:
        visit = alices_player(process, stage)
        for state in ("ready", "buffering"):
            players.report(visit, wire.StatusFrame(state))  # type: ignore[arg-type]

        await soon(lambda: self.state_in_database(stage) is State.BUFFERING)

    async def test_the_same_state_again_does_not(
        self, process: Process, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        visit = alices_player(process, stage)
        sent: list[Any] = []
        original = players.submit

        def submit(*command: Any) -> Any:
            sent.append(command)
            return original(*command)

        monkeypatch.setattr(players, "submit", submit)
        for _ in range(5):
            players.report(visit, wire.StatusFrame("ready"))

        assert len(sent) == 1

    async def test_what_was_refused_is_tried_again_with_the_next_status(
        self, process: Process
    ) -> None:
        visit, _ = sit(process, uuid4(), uuid4())  # in a room that is not there
        players.report(visit, wire.StatusFrame("buffering"))

        await soon(lambda: visit.state is State.UNKNOWN)

    async def test_the_room_stops_for_it(self, process: Process, stage: Stage) -> None:
        visit = alices_player(process, stage)
        players.report(visit, wire.StatusFrame("ready"))
        await soon(lambda: self.state_in_database(stage) is State.READY)
        stage.play(100)
        players.report(visit, wire.StatusFrame("buffering", position=3.0))

        await soon(lambda: stage.state.wait is not None)
        assert not stage.state.timeline.playing
        assert stage.state.timeline.position >= 100

    async def test_who_has_not_joined_is_nobody(self, process: Process) -> None:
        visit, _ = sit(process, uuid4(), uuid4())
        visit.member_id = None
        players.report(visit, wire.StatusFrame("ready"))
        players.tell_typing(visit, True)

        assert process.telemetry.take_changed() == {}

    def state_in_database(self, stage: Stage) -> State:
        return stage.member(stage.alice).connections[0].state


async def test_who_types_is_shown_to_the_others_and_replaces_what_was_shown(
    process: Process,
) -> None:
    room_id = uuid4()
    bob, own = sit(process, room_id, uuid4())
    _, others = sit(process, room_id, uuid4())
    players.tell_typing(bob, True)
    players.tell_typing(bob, False)

    assert own.newest == {}
    [(kind, frame)] = others.newest.items()
    assert kind == f"typing {bob.member_id}"
    assert json.loads(frame)["data"] == {"id": str(bob.member_id), "typing": False}


class TestSync:
    def note(self, process: Process, room_id: UUID, *offsets: float | None) -> None:
        readings = [
            Reading(uuid4(), uuid4(), clock.now(), "ready", offset=offset) for offset in offsets
        ]
        process.telemetry.note(room_id, *readings)

    async def test_distances_count_whichever_way(self, process: Process) -> None:
        room_id = uuid4()
        self.note(process, room_id, -40.0, 10.0, None, 20.0)
        sync = players.sync_of(room_id)

        assert sync
        assert (sync.p50, sync.p95, len(sync.members)) == (20.0, 40.0, 4)

    async def test_where_nobody_has_said_anything_nothing_is_known(self, process: Process) -> None:
        assert players.sync_of(uuid4()) is None

    async def test_where_nobody_has_said_how_far_it_is_the_distance_is_not(
        self, process: Process
    ) -> None:
        room_id = uuid4()
        self.note(process, room_id, None)
        sync = players.sync_of(room_id)

        assert sync
        assert (sync.p50, sync.p95) == (None, None)

    def test_without_a_live_part_nothing_is_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(upkeep, "_current", None)
        assert players.sync_of(uuid4()) is None


async def test_reports_of_many_players_are_all_heard(process: Process, stage: Stage) -> None:
    visits = [alices_player(process, stage) for _ in range(4)]
    for visit in visits:
        players.report(visit, wire.StatusFrame("ready"))

    def all_ready() -> bool:
        held = stage.member(stage.alice).connections
        return {tab.state for tab in held} == {State.READY}

    await soon(all_ready)
