"""What happens in a room, one event after the other, for a reader who takes its time."""

import asyncio
from collections import deque

from syncplay_client.frames import Frame
from syncplay_client.happenings import Ended

KEPT = 1_000  # what a reader has not read by then it never will: the room itself is never behind


class Events:
    """An asynchronous iterator. It ends when one leaves or closes, and raises any other end."""

    def __init__(self) -> None:
        self._unread: deque[Frame] = deque(maxlen=KEPT)
        self._news = asyncio.Event()
        self._ended: Ended | None = None

    def __aiter__(self) -> "Events":
        return self

    async def __anext__(self) -> Frame:
        while not self._unread:
            if self._ended is not None and self._ended.code in {"left", "closed"}:
                raise StopAsyncIteration
            if self._ended is not None:
                raise self._ended
            self._news.clear()
            await self._news.wait()
        return self._unread.popleft()

    def put(self, frame: Frame) -> None:
        self._unread.append(frame)
        self._news.set()

    def end(self, ended: Ended) -> None:
        self._ended = ended
        self._news.set()
