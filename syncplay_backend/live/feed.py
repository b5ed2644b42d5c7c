"""The news of one room, put in order: no gap is ever let through."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from syncplay_backend.domain.log import Entry
from syncplay_backend.domain.wire import CONTRACT_EVENTS
from syncplay_backend.live.frames import text_frame

# Who is told of its own leaving has more to do than to be told.
_MORE_THAN_TOLD = frozenset({"user_left"})
_PLAIN = CONTRACT_EVENTS - _MORE_THAN_TOLD

AHEAD = 500  # what may wait for a gap to be filled; beyond it the log is read anyway


class News(Struct, frozen=True, array_like=True):
    """A numbered event, encoded once for everybody."""

    room_id: UUID
    seq: int
    type: str
    origin: UUID | None  # the connection that it came through
    subject: UUID | None  # whom a `user_left` is about
    frame: bytes  # as it goes onto the wire
    due: int = 0  # when (ms) it takes effect, if that is later than it happened
    crowd: int = 0  # members after somebody came or went; 0: not known

    @property
    def first_seq(self) -> int:
        return self.seq

    def left_after(self, seq: int) -> Collection[UUID | None]:
        """Who gave up a place, as far as that is news to those who know everything up to `seq`."""
        return (self.subject,) if self.type == "user_left" and self.seq > seq else ()

    @property
    def is_for_precise(self) -> bool:
        """Whether all who speak protocol 2 are just told of it."""
        return self.type not in _MORE_THAN_TOLD

    @property
    def is_plain(self) -> bool:
        """Whether contract connections are too, but for the one that it came through."""
        is_later = self.due > 0 and self.type == "play"
        return self.type in _PLAIN and not is_later


def news_of(entry: Entry) -> News:
    return News(
        room_id=entry.room_id,
        seq=entry.seq,
        type=entry.type,
        origin=entry.origin,
        subject=entry.subject,
        frame=text_frame(entry.frame()),
        due=entry.due,
        crowd=entry.crowd,
    )


class Feed:
    """`seq` is the last event let through; None: nothing is known of the room yet."""

    def __init__(self) -> None:
        self.seq: int | None = None
        self._ahead: dict[int, News] = {}

    def accept(self, news: News) -> list[News]:
        """What can be let through now, in order. Nothing twice, and nothing over a gap."""
        if self.seq is not None and news.seq <= self.seq:
            return []
        is_next = self.seq is not None and news.seq == self.seq + 1
        if is_next or len(self._ahead) < AHEAD:
            self._ahead[news.seq] = news
        return self._next()

    def _next(self) -> list[News]:
        ready = []
        while self.seq is not None and (news := self._ahead.pop(self.seq + 1, None)):
            self.seq = news.seq
            ready.append(news)
        return ready

    def start_from(self, seq: int) -> list[News]:
        """Everything up to `seq` is known: what comes after it may be let through."""
        if self.seq is None or seq > self.seq:
            self.seq = seq
            self._ahead = {n: news for n, news in self._ahead.items() if n > seq}
        return self._next()

    def forget(self) -> None:
        self.seq = None
        self._ahead.clear()

    @property
    def has_gap(self) -> bool:
        return self.seq is not None and bool(self._ahead)
