"""The post: what one process tells the others, over the channel layer of this leg."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest

from syncplay_backend.live.feed import News
from syncplay_backend.live.post import Bundle, Post
from tests.live.paper import news
from tests.services.stage import soon


class Branch:
    """A process's post, and what it delivered."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.crowded_out: list[UUID] = []
        self.post = Post(self._deliver)
        self._tasks = [asyncio.create_task(self.post.receive())]
        self._tasks.append(asyncio.create_task(self.post.send()))

    def _deliver(self, bundle: Bundle) -> None:
        self.news += bundle.news
        self.crowded_out += bundle.crowded_out

    @property
    def seqs(self) -> list[int]:
        return [item.seq for item in self.news]

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
        await branches[-1].post.echo()  # it receives
        return branches[-1]

    yield open
    for branch in branches:
        await branch.close()


async def test_what_one_process_publishes_the_others_are_told(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    room_id = uuid4()
    await there.post.follow(room_id)
    told = [news(seq, room_id=room_id, origin=uuid4(), subject=uuid4()) for seq in (1, 2)]
    here.post.publish(told, {room_id: [room_id]})
    await soon(lambda: there.news)
    assert there.news == told
    assert there.crowded_out == [room_id]


async def test_nobody_is_told_its_own_news(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    room_id = uuid4()
    for branch in (here, there):
        await branch.post.follow(room_id)
    here.post.publish([news(1, room_id=room_id)], {})
    there.post.publish([news(2, room_id=room_id)], {})
    await soon(lambda: here.news and there.news)
    assert (here.seqs, there.seqs) == ([2], [1])


async def test_only_the_rooms_that_are_followed_are_heard_of(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    followed, other, left = uuid4(), uuid4(), uuid4()
    await there.post.follow(followed)
    await there.post.follow(left)
    await there.post.unfollow(left)
    for seq, room_id in enumerate((other, left, followed)):
        here.post.publish([news(seq, room_id=room_id)], {})
    await soon(lambda: there.news)
    assert [item.room_id for item in there.news] == [followed]


async def test_a_room_may_be_followed_again_and_again(open_branch: Callable) -> None:
    here, there = await open_branch(), await open_branch()
    room_id, marker = uuid4(), uuid4()
    for _ in range(3):
        await there.post.follow(room_id)
    await there.post.follow(marker)
    here.post.publish([news(1, room_id=room_id)], {})
    here.post.publish([news(2, room_id=marker)], {})
    await soon(lambda: 2 in there.seqs)
    assert there.seqs == [1, 2]


async def test_of_a_burst_nothing_is_lost_and_one_room_keeps_its_order(
    open_branch: Callable,
) -> None:
    here, there = await open_branch(), await open_branch()
    room_id = uuid4()
    await there.post.follow(room_id)
    for seq in range(90):
        here.post.publish([news(seq, room_id=room_id)], {})
    await soon(lambda: len(there.news) == 90)
    assert there.seqs == list(range(90))


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
    room_id = uuid4()
    async with asyncio.timeout(2):
        await branch.post.follow(room_id)
        branch.post.publish([news(1, room_id=room_id)], {})
        await branch.post.unfollow(room_id)
        await branch.close()


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
    post = Post(lambda news, crowded_out: None)
    post._layer = FrozenLayer()
    post.publish([news(seq) for seq in range(100)], {})
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
    room_id = uuid4()
    await there.post.follow(room_id)
    here.post.publish([news(1, room_id=room_id)], {})
    await soon(lambda: there.seqs == [1])
    await there.close()


async def test_what_still_waits_is_published_at_the_end(open_branch: Callable) -> None:
    there = await open_branch()
    room_id = uuid4()
    await there.post.follow(room_id)
    ending = Post(lambda news, crowded_out: None)
    ending.publish([news(1, room_id=room_id)], {})
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
    post = Post(lambda news, crowded_out: None)
    post._layer = layer()
    post.publish([news(1)], {})
    tasks = [asyncio.create_task(doing) for doing in (post.receive(), post.send())]
    tasks.append(asyncio.create_task(post.follow(uuid4())))
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    done, pending = await asyncio.wait(tasks, timeout=2)
    assert not pending
    assert all(task.cancelled() for task in done)
