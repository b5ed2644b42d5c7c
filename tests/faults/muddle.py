"""What a channel layer may do to its messages: lose some, and let others overtake them.

Knows as much of Redis' protocol as is needed to find where one reply ends.
"""

from __future__ import annotations

from random import Random

END = b"\r\n"
AGGREGATES = {b"*": 1, b">": 1, b"~": 1, b"%": 2}  # how many replies stand for each counted one
BULKS = {b"$", b"=", b"!"}


class Muddle:
    """Alters what comes from a server, all but the publications untouched."""

    def __init__(self, lose: float, overtake: float, seed: int = 1) -> None:
        self.lost = 0
        self.overtaken = 0
        self.lose = lose
        self._overtake = overtake
        self._dice = Random(seed)

    def alter(self) -> Stream:
        """For one connection."""
        return Stream(self)

    def passes(self, waits: bool) -> bool | None:
        """What becomes of a publication: it passes, or it is lost; None: it waits for the next."""
        luck = self._dice.random()
        if luck < self.lose:
            self.lost += 1
            return False
        if luck < self.lose + self._overtake and not waits:
            self.overtaken += 1
            return None
        return True


class Stream:
    def __init__(self, muddle: Muddle) -> None:
        self._muddle = muddle
        self._unread = b""
        self._waiting = b""

    def __call__(self, chunk: bytes) -> bytes:
        self._unread += chunk
        out = b""
        while end := end_of_reply(self._unread, 0):
            reply, self._unread = self._unread[:end], self._unread[end:]
            out += self._muddled(reply) if is_publication(reply) else reply
        return out

    def _muddled(self, reply: bytes) -> bytes:
        match self._muddle.passes(bool(self._waiting)):
            case True:
                overtaken, self._waiting = self._waiting, b""
                return reply + overtaken
            case None:
                self._waiting = reply
        return b""


def is_publication(reply: bytes) -> bool:
    return reply[:1] in {b"*", b">"} and reply.split(END, 3)[2:3] == [b"message"]


def end_of_reply(data: bytes, start: int) -> int:
    """Where the reply that begins at `start` is over; 0: it has not all come yet."""
    line_end = data.find(END, start)
    if line_end < 0:
        return 0
    kind, after = data[start : start + 1], line_end + len(END)
    if kind in BULKS:
        size = int(data[start + 1 : line_end])
        after += size + len(END) if size >= 0 else 0
        return after if after <= len(data) else 0
    for _ in range(AGGREGATES.get(kind, 0) * _count(kind, data[start + 1 : line_end])):
        after = end_of_reply(data, after)
        if not after:
            return 0
    return after


def _count(kind: bytes, said: bytes) -> int:
    return max(0, int(said)) if kind in AGGREGATES else 0
