"""Where the log does not reach, or is another one, everybody is sent the room as it is."""

from __future__ import annotations

from uuid import uuid4

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.rooms import queries
from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Message, Room
from syncplay_backend.services import mending
from syncplay_backend.services.mending import MOST_MISSED, Mender
from syncplay_backend.services.process import Process
from tests.live.paper import CONTRACT, code_of
from tests.services.gaps import happened, mend, seek, watch
from tests.services.stage import Stage, open_room, soon


@pytest.fixture
def stage() -> Stage:
    return open_room()


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
    room.stamp = new_stamp()
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
    Room.objects.filter(id=stage.room_id).update(seq=3, stamp=new_stamp())
    await mender.beacon()
    stage.seek(1)
    await mender.beacon()
    assert paper.seqs == [6, 3, 4]


async def test_another_epoch_sends_the_room(deaf: Process, mender: Mender, stage: Stage) -> None:
    _, paper = watch(deaf, stage)
    Room.objects.filter(id=stage.room_id).update(epoch=uuid4(), seq=9, stamp=new_stamp())
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


async def test_with_each_beacon_the_process_follows_the_others_again(
    deaf: Process, mender: Mender, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[bool] = []

    async def follow() -> None:
        followed.append(True)

    monkeypatch.setattr(deaf.post, "reaches_others", True)
    monkeypatch.setattr(deaf.post, "follow", follow)
    watch(deaf, stage)
    await mender.beacon()
    assert followed == [True]
    monkeypatch.setattr(mending.log, "standings", lambda ids: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await mender.beacon()
    assert followed == [True, True], "though the database is away"


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
