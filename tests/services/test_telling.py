"""What each process tells of the players in its rooms, every second."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.post import Bundle
from syncplay_backend.live.telemetry import Reading
from syncplay_backend.rooms.models import RoomSession
from syncplay_backend.services.execute import answer, submit_chore
from syncplay_backend.services.process import Process
from syncplay_backend.services.telling import IDLE, Teller, statuses
from tests.live.lines import NewestPaper, connected
from tests.live.paper import CONTRACT, EPOCH, PRECISE
from tests.services.stage import Stage, open_room

NOW = 1_700_000_000_000


def reading(who: UUID, tab: UUID, at: int = NOW, **more: Any) -> Reading:
    return Reading(who, tab, at, **({"state": "ready"} | more))


def all_is_written() -> None:
    """What was said before is done by now."""
    answer(submit_chore(lambda: None))


@pytest.fixture
def told(process: Process, monkeypatch: pytest.MonkeyPatch) -> list[Bundle]:
    """What the other processes are told."""
    bundles: list[Bundle] = []
    monkeypatch.setattr(process.post, "publish", bundles.append)
    monkeypatch.setattr(process.post, "reaches_others", True)
    return bundles


def seated(process: Process, room_id: UUID, **more: Any) -> tuple[Connection, NewestPaper]:
    connection, paper = connected(room_id=room_id, member_id=uuid4(), **more)
    process.hub.listen(connection)
    return connection, paper


def status_in(paper: NewestPaper) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = json.loads(paper.newest["status"])["data"]["members"]
    return members


class TestStatuses:
    async def test_what_has_changed_is_told_here_and_elsewhere(
        self, process: Process, told: list[Bundle]
    ) -> None:
        room_id = uuid4()
        bob, paper = seated(process, room_id)
        _, of_alice = seated(process, room_id)
        assert bob.member_id
        known = reading(bob.member_id, bob.id, offset=5.0)
        process.telemetry.note(room_id, known)
        await Teller(process).tell_statuses()

        assert status_in(of_alice) == [{"id": str(bob.member_id), "state": "ready", "offset": 5.0}]
        assert paper.newest == {}, "he knows"
        assert [bundle.readings for bundle in told] == [{room_id: [known]}]

    async def test_all_are_told_of_several(self, process: Process, told: list[Bundle]) -> None:
        room_id = uuid4()
        (alice, of_alice), (bob, of_bob) = seated(process, room_id), seated(process, room_id)
        assert alice.member_id
        assert bob.member_id
        process.telemetry.note(room_id, reading(alice.member_id, alice.id))
        process.telemetry.note(room_id, reading(bob.member_id, bob.id))
        await Teller(process).tell_statuses()

        assert len(status_in(of_alice)) == len(status_in(of_bob)) == 2

    async def test_what_has_not_changed_is_not_told_again(
        self, process: Process, told: list[Bundle]
    ) -> None:
        room_id = uuid4()
        bob, paper = seated(process, room_id)
        process.telemetry.note(room_id, reading(uuid4(), bob.id))
        teller = Teller(process)
        await teller.tell_statuses()
        paper.newest.clear()
        await teller.tell_statuses()

        assert (paper.newest, len(told)) == ({}, 1)

    async def test_what_another_process_told_is_not_told_back(
        self, process: Process, told: list[Bundle]
    ) -> None:
        room_id, elsewhere = uuid4(), uuid4()
        _, paper = seated(process, room_id)
        process._hear(Bundle("another", readings={room_id: [reading(elsewhere, uuid4())]}))
        await Teller(process).tell_statuses()

        assert [member["id"] for member in status_in(paper)] == [str(elsewhere)]
        assert told == []

    async def test_nobody_hears_of_a_room_that_nobody_here_is_in(self, process: Process) -> None:
        room_id = uuid4()
        process._hear(Bundle("another", readings={room_id: [reading(uuid4(), uuid4())]}))

        assert process.telemetry.take_changed() == {}

    async def test_a_client_of_the_contract_is_not_told(
        self, process: Process, told: list[Bundle]
    ) -> None:
        room_id = uuid4()
        _, contra = seated(process, room_id, protocol=CONTRACT)
        process.telemetry.note(room_id, reading(uuid4(), uuid4()))
        await Teller(process).tell_statuses()

        assert contra.newest == {}

    async def test_nor_is_one_who_has_not_been_shown_the_room_yet(
        self, process: Process, told: list[Bundle]
    ) -> None:
        room_id = uuid4()
        held, paper = seated(process, room_id)
        held._held = []
        process.telemetry.note(room_id, reading(uuid4(), uuid4()))
        await Teller(process).tell_statuses()

        assert paper.newest == {}

    def test_of_several_players_of_a_member_the_last_one_heard_is_told(self) -> None:
        who = uuid4()
        later, earlier = reading(who, uuid4(), NOW + 9), reading(who, uuid4(), state="hidden")

        assert [status.state for status in statuses([later, earlier])] == ["ready"]


class TestRoundTrips:
    """Kept with the leases, for whoever schedules a start."""

    @pytest.fixture
    def stage(self) -> Stage:
        return open_room()

    def sit(
        self,
        process: Process,
        stage: Stage,
        trip: Callable[[], float | None],
        *,
        protocol: int = PRECISE,
        silent_for: int = 0,
    ) -> UUID:
        """Alice's connection, with a row in the database and a wire of this length."""
        tab = stage.enter(stage.alice)
        connection, _ = connected(protocol, stage.room_id, stage.alice.id)
        connection.id = tab
        connection.line.heard_at = clock.now() - silent_for
        connection.line.round_trip = trip
        process.hub.listen(connection)
        return tab

    def come(
        self, process: Process, stage: Stage, trip: Callable[[], float | None], **more: Any
    ) -> UUID:
        """Alice's connection as it has just been shown the room."""
        tab = self.sit(process, stage, trip, **more)
        connection = process.hub.rooms[stage.room_id].connections[tab]
        process.hub.start(connection, [], stage.state.seq, EPOCH)
        return tab

    async def kept(self, tab: UUID) -> int | None:
        def stored() -> int | None:
            all_is_written()
            return RoomSession.objects.get(id=tab).round_trip

        return await asyncio.to_thread(stored)

    async def test_it_is_written_down(self, process: Process, stage: Stage) -> None:
        tab = self.sit(process, stage, lambda: 41.6)
        await Teller(process).note_round_trips()

        assert await self.kept(tab) == 42

    async def test_a_newcomers_is_as_soon_as_it_is_known(
        self, process: Process, stage: Stage
    ) -> None:
        trips: list[float | None] = [None]
        tab = self.come(process, stage, lambda: trips[-1])
        teller = Teller(process)
        await teller.note_newcomers()
        assert await self.kept(tab) is None
        assert list(process.hub.newcomers) == [tab]
        trips.append(41.6)
        await teller.note_newcomers()
        assert await self.kept(tab) == 42
        assert process.hub.newcomers == {}

    async def test_who_has_come_and_gone_is_no_newcomer(
        self, process: Process, stage: Stage
    ) -> None:
        tab = self.come(process, stage, lambda: None)
        process.hub.remove(process.hub.newcomers[tab])
        assert process.hub.newcomers == {}

    async def test_nor_is_a_client_of_the_contract(self, process: Process, stage: Stage) -> None:
        self.come(process, stage, lambda: 40.0, protocol=CONTRACT)
        assert process.hub.newcomers == {}

    async def test_small_changes_are_not(self, process: Process, stage: Stage) -> None:
        trips = [100.0]
        tab = self.sit(process, stage, lambda: trips[-1])
        teller = Teller(process)
        for trip, kept in ((100.0, 100), (119.0, 100), (81.0, 100), (121.0, 121), (150.0, 150)):
            trips.append(trip)
            await teller.note_round_trips()
            assert await self.kept(tab) == kept

    async def test_what_is_not_known_counts_for_nothing(
        self, process: Process, stage: Stage
    ) -> None:
        tab = self.sit(process, stage, lambda: None)
        await Teller(process).note_round_trips()

        assert await self.kept(tab) is None

    async def test_nor_does_one_who_has_been_silent_for_a_minute(
        self, process: Process, stage: Stage
    ) -> None:
        tab = self.sit(process, stage, lambda: 40.0, silent_for=IDLE + 1_000)
        teller = Teller(process)
        teller._noted[tab] = 40
        await asyncio.to_thread(RoomSession.objects.filter(id=tab).update, round_trip=40)
        await asyncio.to_thread(stage.change_elsewhere)
        await teller.note_round_trips()

        assert await self.kept(tab) is None

    async def test_nor_a_client_of_the_contract(self, process: Process, stage: Stage) -> None:
        tab = self.sit(process, stage, lambda: 40.0, protocol=CONTRACT)
        await Teller(process).note_round_trips()

        assert await self.kept(tab) is None

    async def test_what_could_not_be_written_is_tried_again(
        self, process: Process, stage: Stage
    ) -> None:
        tab = self.sit(process, stage, lambda: 40.0)
        session = await asyncio.to_thread(RoomSession.objects.get, id=tab)
        await asyncio.to_thread(RoomSession.objects.filter(id=tab).delete)
        await asyncio.to_thread(stage.change_elsewhere)
        teller = Teller(process)
        await teller.note_round_trips()
        await asyncio.to_thread(all_is_written)
        await asyncio.to_thread(session.save, force_insert=True)
        await asyncio.to_thread(stage.change_elsewhere)
        await teller.note_round_trips()

        assert await self.kept(tab) == 40
