"""The comings and goings of a big room: gathered, and told as one at most once a second.

Else a join in a room of five hundred would be five hundred deliveries, and five hundred joins a
quarter of a million.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from math import inf
from uuid import UUID

from syncplay_backend.domain import presence
from syncplay_backend.domain.limits import CROWD
from syncplay_backend.domain.wire import PRESENCE
from syncplay_backend.live.feed import News
from syncplay_backend.live.frames import text_frame, text_of

BREATH = 1.0  # seconds


class Telling:
    """What is told of a run; each frame is made once, and only if somebody is to be sent it."""

    def __init__(self, run: "Run", known: int) -> None:
        self._run = run
        self._known = known  # how many of its events need not be told

    @cached_property
    def precise(self) -> list[bytes]:
        return self._alone or [text_frame(presence.merged(self._told))]

    @cached_property
    def contract(self) -> list[bytes]:
        told = self._alone or map(text_frame, presence.in_words_of_the_contract(self._told))
        return list(told)

    @cached_property
    def left(self) -> set[UUID | None]:
        """Who gave up a place."""
        return {news.subject for news in self._news if news.type == presence.LEFT}

    @property
    def _alone(self) -> list[bytes]:
        """A single event goes as itself."""
        return [self._news[0].frame] if len(self._news) == 1 else []

    @property
    def _news(self) -> Sequence[News]:
        return self._run.news[self._known :]

    @property
    def _told(self) -> Sequence[presence.Told]:
        return self._run.told[self._known :]


class Run:
    """Comings and goings with nothing else in between."""

    def __init__(self, news: Sequence[News]) -> None:
        self.news = news
        self.first_seq, self.seq = news[0].seq, news[-1].seq
        self._tellings: dict[int, Telling] = {}

    @cached_property
    def told(self) -> Sequence[presence.Told]:
        return [presence.read(text_of(news.frame)) for news in self.news]

    def left_after(self, seq: int) -> Collection[UUID | None]:
        return self.after(seq).left

    def after(self, seq: int) -> Telling:
        """What it tells those who know everything up to `seq`."""
        known = max(0, seq + 1 - self.first_seq)
        telling = self._tellings.get(known)
        if telling is None:
            telling = self._tellings[known] = Telling(self, known)
        return telling


class Gathering:
    """What nobody has been told of yet."""

    def __init__(self) -> None:
        self._news: list[News] = []
        self._timer: asyncio.TimerHandle | None = None
        self._told_at = -inf
        self._is_big = False

    def takes(self, news: News) -> bool:
        """Whether it can be told with others. An event that does not say how many are in the room
        (it was read from the log) finds the room as big as it was last."""
        if news.type not in PRESENCE:
            return False
        if news.crowd:
            self._is_big = news.crowd > CROWD
        return self._is_big

    def add(self, news: News, tell: Callable[[], None]) -> None:
        """`tell` is called a second after the last time, or as soon as all that happens at this
        moment is there."""
        self._news.append(news)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            wait = max(0.0, self._told_at + BREATH - loop.time())
            self._timer = loop.call_later(wait, tell)

    @property
    def first_seq(self) -> int | None:
        return self._news[0].seq if self._news else None

    @property
    def so_far(self) -> Run | None:
        return Run(tuple(self._news)) if self._news else None

    def take(self) -> Run | None:
        run = self.so_far
        if run is not None:
            self._told_at = asyncio.get_running_loop().time()
            self.stop()
        return run

    def stop(self) -> None:
        self._news.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
