"""A visit: entering misses nothing and doubles nothing, and a lost socket ends what it began."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Key, Name, Password
from syncplay_backend.domain.wire import JoinFrame
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms.models import RoomSession
from syncplay_backend.services import execute, passwords, players, visits
from syncplay_backend.services.execute import answer, answered
from syncplay_backend.services.process import Process
from syncplay_backend.services.visits import Caller, Visit
from tests.live.lines import a_line
from tests.live.paper import Paper
from tests.services.stage import Person, Stage, at_once, open_room, soon, writer_held


@pytest.fixture
def stage() -> Stage:
    return open_room()


async def come(
    stage: Stage, key: Key, name: str | None = None, *, protocol: int = 2, **more: object
) -> tuple[Visit, Paper]:
    paper = Paper()
    wish = JoinFrame(user_name=None if name is None else Name(name), protocol=protocol, **more)
    visit = await visits.enter(Caller(stage.room_id, "127.0.0.1", a_line(paper)), key, wish)
    return visit, paper


async def test_who_enters_is_shown_the_room_and_stands_in_it(
    process: Process, stage: Stage
) -> None:
    visit, paper = await come(stage, stage.alice.key)
    assert visit.member_id == stage.alice.id
    assert paper.types == ["room_update"]
    assert paper.said[0]["data"]["users"][0]["is_online"] is True
    [session] = RoomSession.objects.filter(room_id=stage.room_id)
    assert (session.id, session.channel_name) == (visit.id, process.post.channel)


async def test_who_is_new_takes_a_place_under_the_key_it_brought(
    process: Process, stage: Stage
) -> None:
    key = Key(uuid4())
    visit, _ = await come(stage, key, "Bob")
    assert stage.state.members[visit.member_id].key_hash == key.hash


async def test_who_comes_later_has_the_later_ids(process: Process, stage: Stage) -> None:
    bob, _ = await come(stage, Key(uuid4()), "Bob")
    clock_after = clock.now() + 1
    await soon(lambda: clock.now() >= clock_after)
    charlie, _ = await come(stage, Key(uuid4()), "Charlie")
    assert bob.id < charlie.id
    assert bob.member_id < charlie.member_id


async def test_what_happens_while_one_enters_is_neither_lost_nor_doubled(
    process: Process, stage: Stage
) -> None:
    bob = stage.join("Bob")
    with writer_held():
        seeks = [_seek(stage, n) for n in range(5)]
        entering = asyncio.create_task(come(stage, bob.key))
        await soon(lambda: len(execute._writer._jobs) == 6)
        seeks += [_seek(stage, n) for n in range(5, 10)]
    _, paper = await entering
    seeks += [_seek(stage, n) for n in range(10, 15)]
    last = [answer(future) for future in seeks][-1].room.seq
    await soon(lambda: paper.seqs[-1] == last)
    assert paper.types[0] == "room_update"
    assert paper.seqs == list(range(paper.seqs[0], last + 1))


async def test_whoever_comes_in_the_middle_of_much_hears_all_of_the_rest(
    process: Process, stage: Stage
) -> None:
    people = [stage.join(f"Viewer {n}") for n in range(5)]
    busy = asyncio.get_running_loop().run_in_executor(
        None, lambda: at_once(*[lambda: [stage.seek(n) for n in range(20)]] * 3)
    )
    papers = [(await come(stage, person.key))[1] for person in people]
    await busy
    last = stage.state.seq
    await soon(lambda: all(paper.seqs[-1] == last for paper in papers))
    for paper in papers:
        assert paper.seqs == list(range(paper.seqs[0], last + 1))


async def test_who_enter_together_are_sent_the_same_frame(process: Process, stage: Stage) -> None:
    people = [stage.join("Bob"), stage.join("Charlie"), stage.alice]
    (first, paper), *others = await come_together(stage, *(person.key for person in people))
    assert paper.types == ["room_update"]
    assert {seen.frames[0] for _, seen in others} == {paper.frames[0]}
    assert paper.seqs == [stage.state.seq]
    assert first.seq == stage.state.seq
    assert {visit.member_id for visit, _ in (*others, (first, paper))} == {p.id for p in people}


@pytest.mark.parametrize(
    ("ends", "closed", "others_end"),
    [(c.Leave(), Close.LEFT, None), (c.Close(), Close.ROOM_CLOSED, Close.ROOM_CLOSED)],
)
async def test_who_is_out_again_before_it_was_shown_the_room_is_told_and_closed(
    process: Process, stage: Stage, ends: c.Command, closed: Close, others_end: Close | None
) -> None:
    bob, charlie = stage.join("Bob"), stage.join("Charlie")
    (_, paper), (_, other) = await come_together(stage, bob.key, charlie.key, then=(ends, bob))
    await soon(lambda: paper.closed)
    assert (paper.closed, other.closed) == (closed, others_end)
    if closed is Close.LEFT:
        assert paper.types == ["room_update", "user_joined", "user_left"]
        assert paper.seqs == list(range(paper.seqs[0], stage.state.seq + 1))
        assert (other.types, other.seqs) == (["room_update"], [stage.state.seq])


@pytest.mark.parametrize("resuming", [False, True])
async def test_nobody_misses_an_event_or_is_told_of_it_twice_where_many_enter_together(
    process: Process, stage: Stage, resuming: bool
) -> None:
    people = [stage.join(f"Viewer {n}") for n in range(6)]
    _, watching = await come(stage, stage.alice.key)
    known = {"last_seq": stage.state.seq, "epoch": stage.state.epoch} if resuming else {}
    with writer_held():
        entering = []
        for number, person in enumerate(people):
            entering.append(asyncio.create_task(come(stage, person.key, **known)))
            await soon(lambda: len(execute._writer._jobs) == 2 * number + 1)  # noqa: B023
            _seek(stage, number)
    papers = [paper for _, paper in await asyncio.gather(*entering)]
    stage.seek(99)
    last = stage.state.seq
    await soon(lambda: all(paper.seqs[-1] == last for paper in (*papers, watching)))
    for paper in (*papers, watching):
        told = [seq for seq, type in zip(paper.seqs, paper.types, strict=True) if type != "resumed"]
        assert told == list(range(told[0], last + 1))
        assert not resuming or paper is watching or told[0] == known["last_seq"] + 1


async def come_together(
    stage: Stage, *keys: Key, then: tuple[c.Command, Person] | None = None
) -> list[tuple[Visit, Paper]]:
    """In one batch, at the end of which somebody may do something else."""
    with writer_held():
        entering = [asyncio.create_task(come(stage, key)) for key in keys]
        await soon(lambda: len(execute._writer._jobs) == len(keys))
        if then is not None:
            execute.submit(stage.room_id, then[0], then[1].actor)
    return await asyncio.gather(*entering)


def _seek(stage: Stage, position: int) -> object:
    return execute.submit(stage.room_id, c.Seek(float(position)), stage.alice.actor)


async def test_a_command_of_a_visit_is_its_members(process: Process, stage: Stage) -> None:
    visit, paper = await come(stage, stage.alice.key)
    await answered(visits.command(visit, c.Play(3.0)))
    row = stage.rows[-1]
    assert (row.message_type, row.user_id, row.origin) == ("play", stage.alice.id, visit.id)
    await soon(lambda: paper.types[-1] == "play")


async def test_a_viewers_command_is_refused(process: Process, stage: Stage) -> None:
    visit, _ = await come(stage, stage.join("Bob").key)
    with pytest.raises(Refused) as caught:
        await answered(visits.command(visit, c.Play(3.0)))
    assert caught.value.code is Code.NOT_ALLOWED


async def test_the_whole_room_may_be_asked_for_again(process: Process, stage: Stage) -> None:
    visit, _ = await come(stage, stage.alice.key)
    visits.show_again(visit)
    assert visit.needs_snapshot
    assert process.wanted == {stage.room_id}


async def test_who_drops_is_offline_and_forgotten(process: Process, stage: Stage) -> None:
    visit, _ = await come(stage, stage.alice.key)
    visits.drop(visit)
    await soon(lambda: not stage.member(stage.alice).is_online)
    assert stage.room_id not in process.hub.rooms
    assert stage.log[-1] == "user_offline"


async def test_who_drops_with_another_connection_stays_online(
    process: Process, stage: Stage
) -> None:
    first, _ = await come(stage, stage.alice.key)
    second, _ = await come(stage, stage.alice.key)
    visits.drop(first)
    await soon(lambda: [c.id for c in stage.member(stage.alice).connections] == [second.id])
    assert "user_offline" not in stage.log


async def test_who_drops_while_the_process_ends_is_left_to_the_grace(
    process: Process, stage: Stage
) -> None:
    visit, _ = await come(stage, stage.alice.key)
    process.leaving = True
    visits.drop(visit)
    assert stage.member(stage.alice).is_online


async def test_who_went_while_it_entered_is_put_out_again(process: Process, stage: Stage) -> None:
    with writer_held():
        entering = asyncio.create_task(come(stage, stage.alice.key))
        await soon(lambda: execute._writer._jobs)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        assert process.hub.connections() == []
    await soon(lambda: stage.log[-1] == "user_offline")
    assert not stage.member(stage.alice).is_online


@pytest.mark.parametrize("name", [None, "Alice"])
async def test_a_refused_entry_leaves_nothing_behind(
    process: Process, stage: Stage, name: str | None
) -> None:
    with pytest.raises(Refused):
        await come(stage, Key(uuid4()), name)
    assert process.hub.rooms == {}
    assert not RoomSession.objects.filter(room_id=stage.room_id).exists()


async def test_a_room_exists_or_does_not(process: Process, stage: Stage) -> None:
    assert await visits.exists(stage.room_id)
    assert not await visits.exists(uuid4())


async def _hash(password: str) -> str:
    hashed: str = await answered(passwords.hashed(password))
    return hashed


async def test_a_room_with_a_password_lets_in_who_knows_it(process: Process) -> None:
    stage = open_room(password_hash=await _hash("popcorn"))
    with pytest.raises(Refused) as caught:
        await come(stage, Key(uuid4()), "Bob", password=Password("crisps"))
    assert caught.value.code is Code.WRONG_PASSWORD
    visit, _ = await come(stage, Key(uuid4()), "Bob", password=Password("popcorn"))
    assert isinstance(visit.member_id, UUID)


async def test_a_password_that_was_changed_in_between_is_refused(process: Process) -> None:
    stage = open_room(password_hash=await _hash("popcorn"))
    another = await _hash("crisps")
    with writer_held():
        entering = asyncio.create_task(
            come(stage, Key(uuid4()), "Bob", password=Password("popcorn"))
        )
        await soon(lambda: execute._writer._jobs)  # verified, and on its way
        stage.change_elsewhere(password_hash=another)
    with pytest.raises(Refused) as caught:
        await entering
    assert caught.value.code is Code.WRONG_PASSWORD


async def test_a_failed_subscribe_fails_no_join(
    process: Process, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        async def group_add(self, *_: object) -> None:
            raise ConnectionError

        group_discard = group_send = group_add

    with monkeypatch.context() as broken:
        broken.setattr(process.post, "_layer", Broken())
        _, paper = await come(stage, stage.alice.key)
        stage.seek(5)
        await soon(lambda: paper.types == ["room_update", "seek"])


async def test_the_heartbeat_tells_the_servers_time(process: Process) -> None:
    assert '"type":"heartbeat"' in players.heartbeat()
