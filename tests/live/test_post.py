"""The post: what one process tells the others, over the channel layer of this leg."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest

from syncplay_backend.live.feed import News
from syncplay_backend.live.post import Bundle, Post
from syncplay_backend.live.telemetry import Reading
from tests.live.paper import news
from tests.services.stage import soon


class Branch:
    """A process's post, and what it delivered."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.crowded_out: list[UUID] = []
        self.bundles: list[Bundle] = []
        self.post = Post(self._deliver)
        self._tasks = [asyncio.create_task(self.post.receive())]
        self._tasks.append(asyncio.create_task(self.post.send()))

    def _deliver(self, bundle: Bundle) -> None:
        self.bundles.append(bundle)
        self.news += bundle.news
        self.crowded_out += bundle.crowded_out

    @property
    def seqs(self) -> list[int]:
        return [item.seq for item in self.news]

    def publish(self, *told: News, crowded_out: Sequence[UUID] = ()) -> None:
        self.post.publish(Bundle(self.post.channel, list(told), list(crowded_out)))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self.post.close()


@pytest.fixture
async def open_branch() -> AsyncIterator[Callable]:
    branches: list[Branch] = []

    async def open() -> Branch:
        branches.append(Branch())
        branches[-1].post.reaches_others = True  # in memory too, where several are in one process
        await branches[-1].post.echo()  # it receives
        await branches[-1].post.make_sure_to_hear()  # … which is not yet to hear the others
        return branches[-1]

    yield open
    for branch in branches:
        await branch.close()


async def test_what_one_process_publishes_the_others_are_told(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    gone = uuid4()
    told = [news(seq, room_id=uuid4(), origin=uuid4(), subject=uuid4()) for seq in (1, 2)]
    here.publish(*told, crowded_out=[gone])
    await soon(lambda: there.news)
    assert there.news == told
    assert there.crowded_out == [gone]


async def test_nobody_is_told_its_own_news(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    here.publish(news(1))
    there.publish(news(2))
    await soon(lambda: here.news and there.news)
    assert (here.seqs, there.seqs) == ([2], [1])


async def test_to_follow_again_and_again_changes_nothing(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    for _ in range(3):
        await there.post.follow()
        await there.post.make_sure_to_hear()
    for seq in (1, 2):
        here.publish(news(seq))
    await soon(lambda: 2 in there.seqs)
    assert there.seqs == [1, 2]


async def test_of_a_burst_nothing_is_lost_and_it_keeps_its_order(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    for seq in range(90):
        here.publish(news(seq))
    await soon(lambda: len(there.news) == 90)
    assert there.seqs == list(range(90))


async def test_what_gathered_meanwhile_goes_in_one_message(
    open_branch: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = await open_branch(), await open_branch()
    sent: list[Any] = []
    send = here.post._layer.group_send

    async def count_and_send(group: str, message: Any) -> None:
        sent.append(message)
        await send(group, message)

    monkeypatch.setattr(here.post._layer, "group_send", count_and_send)
    room, other, tab = uuid4(), uuid4(), uuid4()
    known = Reading(uuid4(), tab, 1, "ready")
    for seq in range(10):
        here.publish(news(seq), crowded_out=[tab])
        here.post.publish(Bundle(here.post.channel, readings={room: [known]}))
    here.post.publish(Bundle(here.post.channel, typing=[(other, tab, True)]))
    await soon(lambda: there.bundles and len(there.news) == 10)
    assert len(sent) == 1
    assert there.seqs == list(range(10))
    assert there.crowded_out == [tab] * 10
    [told] = there.bundles
    assert told.readings == {room: [known] * 10}
    assert told.typing == [(other, tab, True)]


async def test_who_reads_a_room_hears_of_what_happens_next(open_branch: Callable) -> None:
    here, there = await open_branch(), Branch()
    there.post.reaches_others = True
    assert not there.post.is_following
    await there.post.make_sure_to_hear()
    here.publish(news(1))
    await soon(lambda: there.seqs == [1])
    await there.close()


async def test_a_layer_that_reaches_nobody_is_told_nothing(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    here.post.reaches_others = False
    here.publish(news(1))
    here.post.reaches_others = True
    here.publish(news(2))
    await soon(lambda: there.seqs)
    assert there.seqs == [2]


async def test_the_echo_is_heard(open_branch: Callable) -> None:
    branch = await open_branch()
    async with asyncio.timeout(5):
        await asyncio.gather(branch.post.echo(), branch.post.echo())
    assert branch.news == []


class NoLayer:
    """A channel layer that cannot be reached."""

    async def _fail(self, *_: object) -> None:
        raise ConnectionError("nobody there")

    receive = group_add = group_discard = group_send = _fail


class FrozenLayer(NoLayer):
    """One that is reached, and never answers."""

    async def _freeze(self, *_: object) -> None:
        await asyncio.Event().wait()

    receive = group_add = group_discard = group_send = _freeze


@pytest.mark.parametrize("layer", [NoLayer, FrozenLayer])
async def test_a_failed_publish_or_subscribe_fails_no_command_and_no_join(
    layer: type[NoLayer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncplay_backend.live.post.RETRY", 0.05)
    branch = Branch()
    branch.post._layer = layer()
    branch.post.reaches_others = True
    async with asyncio.timeout(2):
        await branch.post.make_sure_to_hear()
        branch.publish(news(1))
        await branch.close()
    assert not branch.post.is_following


async def test_the_echo_tells_what_is_wrong_with_the_layer() -> None:
    branch = Branch()
    branch.post._layer = NoLayer()
    with pytest.raises(ConnectionError, match="nobody there"):
        await branch.post.echo()
    await branch.close()


async def test_a_frozen_layer_does_not_hold_up_the_end_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("syncplay_backend.live.post.RETRY", 0.05)
    post = Post(lambda bundle: None)
    post._layer, post.reaches_others = FrozenLayer(), True
    for seq in range(100):
        post.publish(Bundle(post.channel, [news(seq)]))
    async with asyncio.timeout(2):
        await post.close()


class OnceBrokenLayer:
    """The layer of this leg, of which the first receive fails."""

    def __init__(self, layer: Any) -> None:
        self._layer = layer
        self.received = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)

    async def receive(self, channel: str) -> Any:
        self.received += 1
        if self.received == 1:
            raise ConnectionError("nobody there")
        return await self._layer.receive(channel)


async def test_after_a_failure_it_receives_again(
    open_branch: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncplay_backend.live.post.RETRY", 0.02)
    here, there = await open_branch(), Branch()
    flaky = there.post._layer = OnceBrokenLayer(there.post._layer)
    await soon(lambda: flaky.received == 2)
    monkeypatch.undo()
    await there.post.follow()
    here.publish(news(1))
    await soon(lambda: there.seqs == [1])
    await there.close()


async def test_what_still_waits_is_published_at_the_end(open_branch: Callable) -> None:
    there = await open_branch()
    ending = Post(lambda bundle: None)
    ending.reaches_others = True
    ending.publish(Bundle(ending.channel, [news(1)]))
    await ending.close()
    await soon(lambda: there.seqs == [1])


class SwallowingLayer(FrozenLayer):
    """One whose client swallows being cancelled while it connects, as redis-py does."""

    async def _freeze(self, *_: object) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    receive = group_add = group_discard = group_send = _freeze


class MistakenLayer(FrozenLayer):
    """One whose client takes being cancelled for a connection that failed."""

    async def _freeze(self, *_: object) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionError("could not connect") from None

    receive = group_add = group_discard = group_send = _freeze


@pytest.mark.parametrize("layer", [SwallowingLayer, MistakenLayer])
async def test_who_is_cancelled_ends_whatever_the_layer_makes_of_it(layer: type[NoLayer]) -> None:
    post = Post(lambda bundle: None)
    post._layer, post.reaches_others = layer(), True
    post.publish(Bundle(post.channel, [news(1)]))
    tasks = [asyncio.create_task(doing) for doing in (post.receive(), post.send())]
    tasks.append(asyncio.create_task(post.follow()))
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    done, pending = await asyncio.wait(tasks, timeout=2)
    assert not pending
    assert all(task.cancelled() for task in done)
