"""A server of protocol 2 in a page: the real rules, in one process's memory, without sockets.

What it knows of the time is the clock that it is given. It speaks text frames, so that a member
of the simulation is a real client from the frame upwards; tests put a real socket in front of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.close_codes import Close as CloseCode
from syncplay_backend.domain.decide import create, decide
from syncplay_backend.domain.errors import Refused
from syncplay_backend.domain.fields import Key, Name, VideoUrl
from syncplay_backend.domain.limits import MOST_MISSED
from syncplay_backend.domain.log import Source, entry
from syncplay_backend.domain.people import SERVER, Actor, Connection, State
from syncplay_backend.domain.policy import Control, Settings, WaitFor
from syncplay_backend.domain.state import Room, apply, apply_all
from syncplay_backend.domain.views import MemberStatus, room_view

EPOCH = UUID("e0000000-0000-4000-8000-000000000000")
ROOM = UUID("10000000-0000-4000-8000-000000000000")
ALICES_KEY = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
FILM = "https://example.com/film.mp4"
STATUS_EVERY = 1_000.0  # ms

Send = Callable[[str], None]
Close = Callable[[int], None]


class Time(Protocol):
    def now(self) -> float:
        """Milliseconds since 1970."""

    def after(self, delay: float, deed: Callable[[], None]) -> None:
        """Do it so many milliseconds later."""


class Visit:
    """One connection of a client."""

    def __init__(self, id: UUID, send: Send, close: Close, round_trip: float | None) -> None:
        self.id = id
        self.send = send
        self.close = close
        self.round_trip = round_trip
        self.member_id: UUID | None = None
        self.state = State.UNKNOWN


class Server:
    def __init__(self, time: Time, wait: WaitFor = WaitFor.NEVER) -> None:
        self.time = time
        self.visits: dict[UUID, Visit] = {}
        self.log: list[str] = []
        self._done: dict[tuple[UUID, str], int] = {}
        self._news: dict[UUID, MemberStatus] = {}
        self._serial = 0
        self.room = self._found(wait)

    def connect(self, send: Send, close: Close, round_trip: float | None = None) -> Visit:
        return Visit(self._new_id(), send, close, round_trip)

    def hang_up(self, visit: Visit) -> None:
        if self.visits.pop(visit.id, None):
            self._do(c.Disconnect(connection_id=visit.id), Actor(member_id=visit.member_id))

    def hear(self, visit: Visit, text: str) -> None:
        heard_at = self.time.now()
        envelope = wire.open_envelope(text)
        try:
            said = wire.decode(envelope)
            match said.what:
                case wire.TimeFrame(t0=t0):
                    visit.send(wire.time(t0, heard_at, self.time.now()))
                case wire.JoinFrame() as wish:
                    self._join(visit, said.key, wish)
                case wire.StatusFrame() as status:
                    self._report(visit, status)
                case wire.HeartbeatFrame() | wire.TypingFrame():
                    pass
                case command:
                    self._command(visit, command, said)
        except Refused as refused:
            visit.send(wire.error(refused, envelope.id))

    def position(self) -> float:
        """Where the room is: the truth that every member's player is held against."""
        timeline = self.room.timeline
        if not timeline.playing:
            return timeline.position
        return timeline.position + max(0.0, self.time.now() - timeline.at) / 1000 * timeline.rate

    def _found(self, wait: WaitFor) -> Room:
        key = Key(UUID(ALICES_KEY))
        host = c.Join(member_id=self._new_id(), key=key, name=Name("Alice"), address="")
        wish = c.Create(
            room_id=ROOM,
            epoch=EPOCH,
            name=Name("Movie night"),
            host=host,
            video_url=VideoUrl(FILM),
            settings=Settings(control=Control.EVERYONE, wait=wait),
        )
        room, events = create(wish, int(self.time.now()))
        return apply_all(room, events)

    def _new_id(self) -> UUID:
        self._serial += 1
        return UUID(int=0xF000_0000_0000_4000_8000_0000_0000_0000 + self._serial)

    def _join(self, visit: Visit, key: Key | None, wish: wire.JoinFrame) -> None:
        if visit.member_id is not None or key is None:
            visit.send(self._snapshot())
            return
        enter = c.Enter(
            connection_id=visit.id,
            channel="the only process",
            member_id=self._new_id(),
            key=key,
            name=wish.user_name,
            address="",
            precise=True,
        )
        self._do(enter, Actor(connection_id=visit.id))
        members = self.room.members.values()
        visit.member_id = next(m.id for m in members if m.key_hash == key.hash)
        self.visits[visit.id] = visit
        self._note_round_trip(visit)
        self._show(visit, wish)

    def _note_round_trip(self, visit: Visit) -> None:
        """Beside the rules: what the pings have measured stands with the connection."""
        member = self.room.members[visit.member_id]
        trip = None if visit.round_trip is None else round(visit.round_trip)

        def noted(connection: Connection) -> Connection:
            is_it = connection.id == visit.id
            return replace(connection, round_trip=trip) if is_it else connection

        known = replace(member, connections=tuple(map(noted, member.connections)))
        self.room = replace(self.room, members={**self.room.members, member.id: known})

    def _show(self, visit: Visit, wish: wire.JoinFrame) -> None:
        missed = MOST_MISSED + 1 if wish.last_seq is None else self.room.seq - wish.last_seq
        if wish.epoch != self.room.epoch or not 0 <= missed <= MOST_MISSED:
            visit.send(self._snapshot())
            return
        for text in self.log[len(self.log) - missed :]:
            visit.send(text)
        visit.send(wire.resumed(self.room.seq))

    def _snapshot(self) -> str:
        return wire.room_update(room_view(self.room, int(self.time.now())))

    def _command(self, visit: Visit, command: wire.Commands, said: wire.Said) -> None:
        actor = Actor(member_id=visit.member_id, connection_id=visit.id, expects=said.expects)
        done = (visit.member_id, said.id)
        if said.id is None or done not in self._done:
            self._do(command, actor, said.id)
        if said.id is not None:
            visit.send(wire.ack(said.id, self._done.setdefault(done, self.room.seq)))

    def _report(self, visit: Visit, status: wire.StatusFrame) -> None:
        state = State(status.state)
        if not self._news:
            self.time.after(STATUS_EVERY, self._tell_statuses)
        self._news[visit.member_id] = MemberStatus(
            visit.member_id, status.state, status.position, status.rate, status.offset
        )
        if state is not visit.state:
            visit.state = state
            self._do(c.Report(visit.id, state), Actor(member_id=visit.member_id))

    def _tell_statuses(self) -> None:
        news, self._news = self._news, {}
        self._tell(wire.status(list(news.values())))

    def _do(self, command: c.Command, actor: Actor, ref: str | None = None) -> None:
        for event in decide(self.room, command, actor, int(self.time.now())):
            self.room = apply(self.room, event)
            if not isinstance(event, e.Unnumbered):
                text = entry(self.room, event, Source(actor.connection_id, ref)).frame()
                self.log.append(text)
                self._tell(text)
                ref = None
            self._follow_up(event)

    def _follow_up(self, event: e.Event) -> None:
        match event:
            case e.Waiting(members=members):
                for until in set(members.values()):
                    self.time.after(until - event.at + 1, self._end_wait)
            case e.MemberLeft(member_id=member_id):
                for visit in [v for v in self.visits.values() if v.member_id == member_id]:
                    del self.visits[visit.id]
                    visit.close(CloseCode.LEFT)

    def _end_wait(self) -> None:
        self._do(c.EndWait(), SERVER)

    def _tell(self, text: str) -> None:
        for visit in list(self.visits.values()):
            visit.send(text)
