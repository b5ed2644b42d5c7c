"""No gap is ever visible: what the post loses or muddles is brought from the log, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.feed import News
from syncplay_backend.rooms import log, queries
from syncplay_backend.rooms.models import Message, Room
from syncplay_backend.services import mending
from syncplay_backend.services.execute import off_commit, on_commit
from syncplay_backend.services.mending import MOST_MISSED, Mender, news_of
from syncplay_backend.services.process import Process
from tests.live.paper import CONTRACT, PRECISE, Paper, a_connection, code_of, snapshot
from tests.services.stage import Stage, open_room, soon


@pytest.fixture
def deaf(process: Process) -> Iterator[Process]:
    """It is told of no commit: every publication is lost, but those that a test hands on."""
    off_commit(process._commit_happened)
    yield process
    on_commit(process._commit_happened)


@pytest.fixture
def mender(deaf: Process) -> Mender:
    return Mender(deaf)


@pytest.fixture
def stage() -> Stage:
    return open_room()


def watch(process: Process, stage: Stage, protocol: int = PRECISE) -> tuple[Connection, Paper]:
    """Somebody who has the room as it is now."""
    connection, paper = a_connection(protocol, stage.room_id, uuid4())
    room = stage.state
    process.hub.listen(connection)
    process.hub.start(connection, snapshot(room.seq), room.seq, room.epoch)
    return connection, paper


def happened(stage: Stage, *seqs: int) -> list[News]:
    """Publications, in the order given."""
    found = {entry.seq: news_of(entry) for entry in log.beyond({stage.room_id: 0}, 1_000)}
    return [found[seq] for seq in seqs]


def seek(stage: Stage, times: int) -> None:
    for position in range(times):
        stage.seek(position)


async def mend(mender: Mender) -> None:
    wanted, mender._process.wanted = mender._process.wanted, set()
    await mender._mend(wanted)


async def test_a_lost_publication_is_brought_from_the_log(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    _, paper = watch(deaf, stage)
    seek(stage, 5)
    deaf.hub.receive(happened(stage, 2, 6))
    assert paper.seqs == [1, 2]
    await mend(mender)
    assert paper.seqs == [1, 2, 3, 4, 5, 6]


async def test_what_is_brought_is_what_would_have_been_published(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    _, lucky = watch(deaf, stage)
    told: list[News] = []
    on_commit(listener := lambda news, _: told.extend(news))
    stage.join("Bob")
    stage.play(12.5)
    stage.give(c.Leave(), stage.alice.actor)
    off_commit(listener)
    assert happened(stage, *[news.seq for news in told]) == told


async def test_its_own_event_is_withheld_by_the_repair_too(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    tab = stage.enter(stage.alice)
    connection, paper = watch(deaf, stage, CONTRACT)
    connection.id = tab
    stage.give(c.Play(1.0), stage.alice.at(tab))
    stage.seek(2)
    deaf.hub.receive(happened(stage, 4))
    await mend(mender)
    assert paper.types == ["room_update", "seek"]


@given(st.lists(st.integers(2, 13), max_size=30))
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
async def test_lost_reordered_and_doubled_publications_are_repaired_in_order(
    deaf: Process, mender: Mender, arriving: list[int]
) -> None:
    stage = _a_story()
    connection, paper = a_connection(PRECISE, stage.room_id, stage.alice.id)
    deaf.hub.listen(connection)
    deaf.hub.start(connection, snapshot(1), 1, stage.state.epoch)
    for news in happened(stage, *arriving):
        deaf.hub.receive([news])
        await mend(mender)
    await mender.beacon()
    assert paper.seqs == list(range(1, 14))
    deaf.hub.remove(connection)


_stories: list[Stage] = []


def _a_story() -> Stage:
    """One room of twelve seeks for all the examples."""
    if not _stories:
        _stories.append(open_room())
        seek(_stories[0], 12)
    return _stories[0]


async def test_whenever_the_hub_wants_something_it_is_brought(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    deaf.run(mender.mend_for_ever())
    _, paper = watch(deaf, stage)
    seek(stage, 3)
    deaf.hub.receive(happened(stage, 4))
    await soon(lambda: paper.seqs == [1, 2, 3, 4])


async def test_a_failed_repair_is_done_at_the_next_beacon(
    deaf: Process, mender: Mender, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf.run(mender.mend_for_ever())
    _, contract = watch(deaf, stage, CONTRACT)
    _, precise = watch(deaf, stage)
    tried = asyncio.Event()
    with monkeypatch.context() as broken:
        broken.setattr(mending.log, "standings", lambda ids: tried.set() or 1 / 0)
        stage.give(c.Leave(), stage.alice.actor)
        deaf.hub.receive(happened(stage, 2, 3))
        await soon(tried.is_set)
        await soon(lambda: not deaf.wanted)
    await mender.beacon()
    await soon(lambda: contract.types[-1] == "room_update" and len(contract.types) > 1)
    assert precise.seqs == [1, 2, 3]


async def test_the_beacon_finds_what_nobody_missed(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    _, paper = watch(deaf, stage)
    seek(stage, 3)
    await mender.beacon()
    assert paper.seqs == [1, 2, 3, 4]
    await mender.beacon()
    assert paper.seqs == [1, 2, 3, 4]


async def test_all_rooms_with_a_gap_are_mended_in_one_query(
    deaf: Process, mender: Mender, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = [open_room() for _ in range(5)]
    papers = [watch(deaf, stage)[1] for stage in stages]
    for stage in stages:
        seek(stage, 2)
        deaf.hub.receive(happened(stage, 3))
    asked: list[int] = []
    beyond = log.beyond

    def counted(known: dict, most: int) -> list:
        asked.append(len(known))
        return beyond(known, most)

    monkeypatch.setattr(mending.log, "beyond", counted)
    await mend(mender)
    assert asked == [5]
    assert [paper.seqs for paper in papers] == [[1, 2, 3]] * 5


def lengthen(stage: Stage, by: int) -> None:
    """As if so much had happened."""
    room = stage.row
    Message.objects.bulk_create(
        Message(
            room=room, seq=room.seq + n, message_type="seek", data={}, timestamp=room.created_at
        )
        for n in range(1, by + 1)
    )
    room.seq += by
    room.save()


@pytest.mark.parametrize("beacon", [True, False])
async def test_of_two_hundred_missed_each_is_brought_of_more_the_room_is(
    deaf: Process, mender: Mender, stage: Stage, beacon: bool
) -> None:
    _, paper = watch(deaf, stage)
    lengthen(stage, MOST_MISSED)
    await _notice(deaf, mender, stage, beacon)
    assert paper.seqs == list(range(1, 2 + MOST_MISSED))
    lengthen(stage, MOST_MISSED + 1)
    await _notice(deaf, mender, stage, beacon)
    assert paper.types[-1] == "room_update"
    assert paper.seqs[-2:] == [1 + MOST_MISSED, 2 + 2 * MOST_MISSED]
    stage.seek(5)
    await mender.beacon()
    assert paper.seqs[-1] == 3 + 2 * MOST_MISSED


async def _notice(process: Process, mender: Mender, stage: Stage, beacon: bool) -> None:
    if beacon:
        await mender.beacon()
    else:
        process.hub.receive(happened(stage, stage.row.seq))
        await mend(mender)


async def test_below_the_first_seq_of_the_log_the_room_is_sent(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    _, paper = watch(deaf, stage)
    seek(stage, 5)
    Message.objects.filter(room_id=stage.room_id, seq__lt=4).delete()
    Room.objects.filter(id=stage.room_id).update(first_seq=4)
    await mender.beacon()
    assert paper.types == ["room_update", "room_update"]
    assert paper.seqs == [1, 6]


async def test_a_beacon_below_the_hubs_seq_sends_the_room(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    """A backup was restored."""
    seek(stage, 5)
    _, paper = watch(deaf, stage)
    Message.objects.filter(room_id=stage.room_id, seq__gt=3).delete()
    Room.objects.filter(id=stage.room_id).update(seq=3)
    await mender.beacon()
    stage.seek(1)
    await mender.beacon()
    assert paper.seqs == [6, 3, 4]


async def test_another_epoch_sends_the_room(deaf: Process, mender: Mender, stage: Stage) -> None:
    _, paper = watch(deaf, stage)
    Room.objects.filter(id=stage.room_id).update(epoch=uuid4(), seq=9)
    await mender.beacon()
    assert paper.types == ["room_update", "room_update"]
    assert paper.said[-1]["data"]["epoch"] == str(stage.state.epoch)
    await mender.beacon()
    assert len(paper.frames) == 2


async def test_when_the_database_was_lost_every_room_is_sent(
    deaf: Process, mender: Mender, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, paper = watch(deaf, stage)
    with monkeypatch.context() as lost:
        lost.setattr(mending.log, "standings", lambda ids: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await mender.beacon()
    await mender.beacon()
    assert paper.types == ["room_update", "room_update"]
    await mender.beacon()
    assert len(paper.frames) == 2


async def test_a_room_that_is_gone_closes_its_sockets(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    _, paper = watch(deaf, stage)
    _, other = watch(deaf, open_room())
    Room.objects.filter(id=stage.room_id).delete()
    await mender.beacon()
    assert paper.closed == Close.ROOM_CLOSED
    assert code_of(paper.frames[-1]) == "room_not_found"
    assert other.closed is None


async def test_with_each_beacon_the_process_follows_its_rooms_again(
    deaf: Process, mender: Mender, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list = []

    async def follow(room_id: object) -> None:
        followed.append(room_id)

    monkeypatch.setattr(deaf.post, "follow", follow)
    watch(deaf, stage)
    await mender.beacon()
    assert followed == [stage.room_id]


async def test_what_the_contract_has_no_word_for_brings_the_room(
    deaf: Process, mender: Mender, stage: Stage
) -> None:
    _, contract = watch(deaf, stage, CONTRACT)
    _, precise = watch(deaf, stage)
    stage.give(c.Leave(), stage.alice.actor)
    deaf.hub.receive(happened(stage, 2, 3))
    await mend(mender)
    assert contract.types == ["room_update", "user_left", "room_update"]
    assert precise.types == ["room_update", "user_left", "host_changed"]


async def test_a_room_read_before_an_event_that_came_meanwhile_is_read_again(
    deaf: Process, mender: Mender, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf.run(mender.mend_for_ever())
    _, contract = watch(deaf, stage, CONTRACT)
    bob = stage.join("Bob")
    rooms = queries.rooms

    def slowly(ids: list) -> list:
        found = rooms(ids)
        if len(stage.rows) == 4:  # the room was read, and then the new host plays
            stage.give(c.Play(7.0), bob.actor)
            deaf.loop.call_soon_threadsafe(deaf.hub.receive, happened(stage, 5))
        return found

    monkeypatch.setattr(mending.queries, "rooms", slowly)
    stage.give(c.Leave(), stage.alice.actor)
    deaf.hub.receive(happened(stage, 2, 3, 4))
    await soon(lambda: contract.types[-1] == "room_update" and contract.seqs[-1] == 5)
    assert contract.seqs == sorted(contract.seqs), "nobody is set back"
