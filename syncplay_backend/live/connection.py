"""A socket that has joined, as the hub knows it."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

from syncplay_backend.domain import wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.people import State
from syncplay_backend.live.clock import clock
from syncplay_backend.live.feed import News
from syncplay_backend.live.outbox import Outbox
from syncplay_backend.live.presence import Run

PRECISE = 2


class Line:
    """The wire to a client: what it is sent, and how long that takes."""

    def __init__(self, outbox: Outbox, round_trip: Callable[[], float | None]) -> None:
        self.outbox = outbox
        self.round_trip = round_trip  # ms, the least of the last pings; None: not known
        self.heard_at = 0.0  # when (ms) the last frame came; whoever hears it says so


class Connection:
    """Its frames are held from the moment it listens until its snapshot is sent: so nothing that
    happens in between is lost, and nothing that the snapshot shows comes again."""

    def __init__(self, id: UUID, room_id: UUID, line: Line, protocol: int) -> None:
        self.id = id
        self.room_id = room_id
        self.line = line
        self.outbox = line.outbox
        self.is_precise = protocol == PRECISE
        self.member_id: UUID | None = None
        self.state = State.UNKNOWN
        self.needs_snapshot = False
        self.seq = 0  # the last event that it has been told of
        self.is_in_step = False  # nothing is held back: what is next may be written
        self._held: list[News | Run] | None = []
        self._scheduled: Scheduled | None = None

    @property
    def head_start(self) -> int | None:
        """For how long (ms) the client has obeyed itself when its command is heard here."""
        return None if self.is_precise else self._half_trip()

    def _half_trip(self) -> int:
        return round((self.line.round_trip() or 0) / 2)

    def give_snapshot(self, frames: Sequence[str | bytes], seq: int) -> None:
        """Send the room as it was at `seq`, then what was held and is newer."""
        self._release()
        for frame in frames:
            self.outbox.put(frame)
        self.seq = seq
        self.needs_snapshot = False
        held, self._held = self._held or [], None
        for news in held:
            self.deliver(news)

    def deliver(self, news: News | Run) -> None:
        if self._held is not None:
            self._held.append(news)
        elif news.seq > self.seq:
            left = news.left_after(self.seq)
            self._take(news)
            # here and not in the hub: what was held is passed on later than the hub saw it
            if self.member_id in left:
                self.outbox.close(Close.LEFT)

    def _take(self, news: News | Run) -> None:
        """Nothing is told over a gap, which there is where the room was sent whole to the others
        while this one was held: it is owed the whole room too."""
        if news.first_seq > self.seq + 1:
            self.needs_snapshot = True
            return
        before, self.seq = self.seq, news.seq
        if isinstance(news, Run):
            self._tell_run(news, before)
        else:
            self._tell(news)
        self.is_in_step = self._scheduled is None

    def _tell(self, news: News) -> None:
        if self.is_precise:
            self.outbox.put(news.frame)
        else:
            self._tell_contract(news)

    def _tell_run(self, run: Run, known: int) -> None:
        telling = run.after(known)
        for frame in telling.precise if self.is_precise else telling.contract:
            self.outbox.put(frame)

    def _tell_contract(self, news: News) -> None:
        if news.type in wire.NOT_ECHOED and news.origin == self.id:
            self._forget_start()
            return
        if news.type in wire.TIMELINE:
            self._release()
        if news.type in wire.ROOM_CHANGES:
            self.needs_snapshot = True  # the contract has no word for it, but for the whole room
        elif news.due and news.type == "play":
            self._schedule(news)
        elif news.type in wire.CONTRACT_EVENTS:
            self.outbox.put(news.frame)

    def _schedule(self, news: News) -> None:
        """Hand over a start when it is due, to who knows no clock to wait by."""
        wait = news.due - self._half_trip() - clock.precise()
        self._scheduled = Scheduled(self.outbox, news.frame, max(0.0, wait / 1000))

    def _release(self) -> None:
        """What comes later may not come first."""
        if self._scheduled is not None:
            self._scheduled.hand_over()
            self._scheduled = None

    def _forget_start(self) -> None:
        """The client did something of its own before it was told of a start: told now, it would
        take the older for the newer. So it is told how things are."""
        if self._scheduled is not None and self._scheduled.is_waiting:
            self.needs_snapshot = True
        self.stop()

    def stop(self) -> None:
        if self._scheduled is not None:
            self._scheduled.cancel()
            self._scheduled = None

    @property
    def start_due_in(self) -> float:
        """Seconds until a start is handed over; 0: none is to be. Until then the client, which
        knows no clock, cannot be told how the room is: it would begin too early."""
        waits = self._scheduled is not None and self._scheduled.is_waiting
        return self._scheduled.due_in if waits and self._scheduled else 0.0

    @property
    def is_held(self) -> bool:
        return self._held is not None


class Scheduled:
    """A frame that waits for its instant."""

    def __init__(self, outbox: Outbox, frame: bytes, delay: float) -> None:
        self._outbox = outbox
        self._frame: bytes | None = frame
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(delay, self.hand_over)

    @property
    def is_waiting(self) -> bool:
        return self._frame is not None

    @property
    def due_in(self) -> float:
        return max(0.0, self._timer.when() - self._loop.time())

    def hand_over(self) -> None:
        """Send it now, if it has not been sent."""
        self._timer.cancel()
        frame, self._frame = self._frame, None
        if frame is not None:
            self._outbox.put(frame)

    def cancel(self) -> None:
        self._timer.cancel()
