"""This process's live part: the hub, the post, and the loops that keep them right.

It belongs to an event loop and is made when the first socket needs it, since not every server
tells the application that it has started (daphne does not).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.live.clock import clock
from syncplay_backend.live.feed import News
from syncplay_backend.live.hub import Hub
from syncplay_backend.live.mailbox import Mailbox
from syncplay_backend.live.post import Bundle, Post
from syncplay_backend.live.telemetry import Telemetry
from syncplay_backend.services.execute import off_commit, on_commit, submit

logger = logging.getLogger(__name__)


class Process:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.mailbox = Mailbox(self.loop)
        self.hub = Hub(wants=self.want)
        self.post = Post(deliver=self._hear)
        self.telemetry = Telemetry()
        self.wanted: set[UUID] = set()
        self.has_wanted = asyncio.Event()
        self.leaving = False
        self._tasks: list[asyncio.Task[None]] = []
        on_commit(self._commit_happened)

    def run(self, forever: Coroutine[None, None, None]) -> None:
        self._tasks.append(self.loop.create_task(forever))

    def run_every(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        self.run(_every(seconds, do))

    async def stop(self) -> None:
        off_commit(self._commit_happened)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.post.close()

    def _commit_happened(self, news: list[News], crowded_out: list[UUID]) -> None:
        self.mailbox.put(self._tell, news, crowded_out)

    def _tell(self, news: list[News], crowded_out: list[UUID]) -> None:
        self.hub.receive(news)
        for item in news:
            self._hurry_up(item)
        self.hub.crowd_out(crowded_out)
        self.post.publish(Bundle(self.post.channel, news, crowded_out))

    def _hurry_up(self, news: News) -> None:
        """End a wait when it is due, and not only with the next sweep, which is what counts."""
        if news.type == "waiting":
            delay = max(0.0, news.due + 1 - clock.precise()) / 1000  # not a moment too early
            self.loop.call_later(delay, submit, news.room_id, c.EndWait())

    def _hear(self, bundle: Bundle) -> None:
        """What another process tells."""
        self.hub.receive(bundle.news)
        self.hub.crowd_out(bundle.crowded_out)
        for room_id, readings in bundle.readings.items():
            if room_id in self.hub.rooms:
                self.telemetry.note(room_id, *readings, patience=0)
        for room_id, member_id, is_typing in bundle.typing:
            self._show_typing(room_id, member_id, is_typing)

    def tell_typing(self, room_id: UUID, member_id: UUID, is_typing: bool) -> None:
        self._show_typing(room_id, member_id, is_typing)
        self.post.publish(Bundle(self.post.channel, typing=[(room_id, member_id, is_typing)]))

    def _show_typing(self, room_id: UUID, member_id: UUID, is_typing: bool) -> None:
        frame = wire.typing(member_id, is_typing)
        self.hub.tell(room_id, f"typing {member_id}", frame, besides=member_id)

    def want(self, room_id: UUID) -> None:
        """Have what the hub misses of the room brought."""
        self.wanted.add(room_id)
        self.has_wanted.set()


async def _every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await do()
        except Exception as error:  # whatever it is, the next turn may go well
            logger.warning("%s failed: %r", do.__name__, error)
