"""No gap is ever visible: what the post loses or muddles is brought from the log, in order."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from syncplay_backend.domain import commands as c
from syncplay_backend.live.feed import News
from syncplay_backend.live.frames import text_of
from syncplay_backend.rooms import log
from syncplay_backend.services import mending
from syncplay_backend.services.execute import off_commit, on_commit
from syncplay_backend.services.mending import Mender
from syncplay_backend.services.process import Process
from tests.live.paper import CONTRACT, PRECISE, a_connection, snapshot
from tests.services.gaps import happened, mend, seek, watch
from tests.services.stage import Stage, open_room, soon


@pytest.fixture
def stage() -> Stage:
    return open_room()


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
    told: list[News] = []
    on_commit(listener := lambda news, _: told.extend(news))
    stage.join("Bob")
    stage.play(12.5)
    stage.give(c.Leave(), stage.alice.actor)
    off_commit(listener)
    brought = happened(stage, *[news.seq for news in told])
    assert [_as_it_is_kept(news) for news in brought] == [_as_it_is_kept(news) for news in told]


def _as_it_is_kept(news: News) -> dict:
    """The log keeps no order of fields, and does not know how many were in the room then."""
    return structs.asdict(news) | {"frame": json.loads(text_of(news.frame)), "crowd": 0}


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
    deaf.hub.start(connection, [snapshot(1)], 1, stage.state.epoch)
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
