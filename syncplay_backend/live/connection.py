"""A socket that has joined, as the hub knows it."""

from uuid import UUID

from syncplay_backend.domain import wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live.feed import News
from syncplay_backend.live.outbox import Outbox

CONTRACT = 1


class Connection:
    """Its frames are held from the moment it listens until its snapshot is sent: so nothing that
    happens in between is lost, and nothing that the snapshot shows comes again."""

    def __init__(self, id: UUID, room_id: UUID, outbox: Outbox, protocol: int) -> None:
        self.id = id
        self.room_id = room_id
        self.outbox = outbox
        self.protocol = protocol
        self.member_id: UUID | None = None
        self.needs_snapshot = False
        self.seq = 0  # the last event that it has been told of
        self._held: list[News] | None = []

    def give_snapshot(self, frame: str, seq: int) -> None:
        """Send the room as it was at `seq`, then what was held and is newer."""
        self.outbox.put(frame)
        self.seq = seq
        self.needs_snapshot = False
        held, self._held = self._held or [], None
        for news in held:
            self.deliver(news)

    def deliver(self, news: News) -> None:
        if self._held is not None:
            self._held.append(news)
        elif news.seq > self.seq:
            self.seq = news.seq
            self._pass_on(news)

    def _pass_on(self, news: News) -> None:
        if self.protocol != CONTRACT:
            self.outbox.put(news.frame)
        elif news.type not in wire.CONTRACT_EVENTS:
            self.needs_snapshot = True  # the contract has no word for it, but for the whole room
        elif news.origin != self.id or news.type not in wire.NOT_ECHOED:
            self.outbox.put(news.frame)
        # here and not in the hub: what was held is passed on later than the hub saw it
        if news.type == "user_left" and news.subject == self.member_id:
            self.outbox.close(Close.LEFT)

    @property
    def is_held(self) -> bool:
        return self._held is not None
