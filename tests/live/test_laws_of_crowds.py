"""What holds for everybody in a big room, however its people come and go and the news are muddled.

Each connection of protocol 2 is sent every number after its snapshot once and in order, and in
the end everybody, of the contract too, has the same people as the room.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from syncplay_backend.domain.people import Member
from syncplay_backend.live import connection as connections
from syncplay_backend.live import presence
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.feed import News
from tests.live.by_hand import Time
from tests.live.crowd import ContractFollower, Crowd, PreciseFollower, a_member, from_the_log
from tests.live.hall import Hall
from tests.live.paper import ALICE, CONTRACT, EPOCH, PRECISE, ROOM, Paper, a_connection

someone = st.integers(0, 7)


class Viewer:
    """A client at the other end of a connection, who applies each frame as it comes."""

    def __init__(self, protocol: int, listens_from: int) -> None:
        self.connection, self.paper = a_connection(protocol)
        self.follower = PreciseFollower() if protocol == PRECISE else ContractFollower()
        self.listens_from = listens_from

    def reads_on(self) -> None:
        while self.paper.frames:
            self.follower.hear(self.paper.frames.pop(0))


class AnyCrowd(RuleBasedStateMachine):
    @initialize(size=st.integers(99, 104))
    def open(self, size: int) -> None:
        self.time = Time()
        for module in (presence, connections):
            module.asyncio = SimpleNamespace(get_running_loop=lambda: self.time)  # type: ignore[attr-defined]
        self.hub, self.crowd = Hall(), Crowd(size)
        self.underway: list[News] = []
        self.knocking: list[Viewer] = []
        self.inside: list[Viewer] = []
        self.gone: list[Member] = []

    def teardown(self) -> None:
        if hasattr(self, "time"):
            try:
                self.everything_comes_to_rest()
            finally:
                for module in (presence, connections):
                    module.asyncio = asyncio  # type: ignore[attr-defined]

    # What happens in the room.

    @rule(count=st.integers(1, 4), online=st.booleans())
    def strangers_come(self, count: int, online: bool) -> None:
        for _ in range(count):
            newcomer = a_member(f"Newcomer {len(self.crowd.log)}", online=online)
            self.underway.append(self.crowd.comes(newcomer))

    @rule(which=someone)
    def somebody_drops_or_comes_back(self, which: int) -> None:
        guest = self.crowd.guest(which)
        if guest.is_online:
            self.underway.append(self.crowd.drops(guest))
        else:
            self.underway.append(self.crowd.comes(a_member(guest.name, id=guest.id)))

    @rule(which=someone)
    def the_newest_drops(self, which: int) -> None:
        guest = self.crowd.guest(-1 - which)
        if guest.is_online:
            self.underway.append(self.crowd.drops(guest))

    @rule(which=st.integers(-4, 4))
    def somebody_leaves(self, which: int) -> None:
        self.underway.append(self.crowd.leaves(self.crowd.guest(which)))

    @rule()
    def a_viewer_leaves(self) -> None:
        if self.inside and len(self.inside) % 2:
            who = self.inside[0].connection.member_id
            if who in self.crowd.room.members and who != ALICE:
                self.underway.append(self.crowd.leaves(self.crowd.room.members[who]))

    @rule(what=st.sampled_from(["says", "seeks", "changes_the_rate"]))
    def something_else_happens(self, what: str) -> None:
        self.underway.append(getattr(self.crowd, what)())

    # What becomes of the news.

    @rule(data=st.data(), count=st.integers(1, 6))
    def some_news_arrive_in_whatever_order(self, data: st.DataObject, count: int) -> None:
        for _ in range(min(count, len(self.underway))):
            which = data.draw(st.integers(0, len(self.underway) - 1))
            self.hub.receive([self.underway.pop(which)])

    @rule()
    def all_news_arrive(self) -> None:
        self.hub.receive(self.underway)
        self.underway = []

    @rule()
    def the_log_is_read(self) -> None:
        local = self.hub.rooms.get(ROOM)
        if local is not None and local.feed.seq is not None:
            self.hub.receive(map(from_the_log, self.crowd.log[local.feed.seq :]))

    @rule(milliseconds=st.sampled_from([0, 1, 400, 1_000, 2_500]))
    def time_passes(self, milliseconds: int) -> None:
        self.time.go_on(milliseconds)

    # Who watches.

    @rule(protocol=st.sampled_from([CONTRACT, PRECISE]), which=st.none() | someone)
    def somebody_knocks(self, protocol: int, which: int | None) -> None:
        viewer = Viewer(protocol, self.crowd.room.seq)
        if which is not None:
            viewer.connection.member_id = self.crowd.guest(which).id
        self.hub.listen(viewer.connection)
        self.knocking.append(viewer)

    @rule(data=st.data())
    def somebody_is_let_in(self, data: st.DataObject) -> None:
        """The room may have changed since it was read."""
        if self.knocking:
            viewer = self.knocking.pop(0)
            seq = data.draw(st.integers(viewer.listens_from, self.crowd.room.seq))
            self.hub.start(viewer.connection, [self.crowd.snapshot(seq)], seq, EPOCH)
            self.inside.append(viewer)

    @rule(all=st.booleans())
    def the_room_is_sent(self, all: bool) -> None:
        self.hub.refresh(ROOM, self.crowd.snapshot(), self.crowd.room.seq, EPOCH, all=all)

    @rule(which=someone)
    def somebody_goes(self, which: int) -> None:
        if len(self.inside) > which:
            self.hub.remove(self.inside.pop(which).connection)

    # What holds.

    @invariant()
    def whoever_hears_understands_it(self) -> None:
        for viewer in self.inside if hasattr(self, "time") else ():
            viewer.reads_on()

    @invariant()
    def nothing_waits_longer_than_a_second(self) -> None:
        if hasattr(self, "time"):
            local = self.hub.rooms.get(ROOM)
            waits = local is not None and local.gathering.first_seq is not None
            assert not waits or self.time.next_in <= 1_000

    def everything_comes_to_rest(self) -> None:
        while self.knocking:
            viewer = self.knocking.pop()
            seq = self.crowd.room.seq
            self.hub.start(viewer.connection, [self.crowd.snapshot()], seq, EPOCH)
            self.inside.append(viewer)
        self.all_news_arrive()
        self.the_log_is_read()
        self.time.go_on(1_000)
        self.the_room_is_sent(all=False)
        for viewer in self.inside:
            viewer.reads_on()
            self.is_up_to_date(viewer.connection, viewer.paper, viewer.follower)

    def is_up_to_date(
        self,
        connection: Connection,
        paper: Paper,
        follower: PreciseFollower | ContractFollower,
    ) -> None:
        if paper.closed is None:
            assert follower.people == self.crowd.people
            assert connection.seq == self.crowd.room.seq
            if isinstance(follower, PreciseFollower):
                assert follower.room is not None
                assert follower.room.seq == self.crowd.room.seq
        else:
            assert connection.member_id not in self.crowd.room.members


TestAnyCrowd = AnyCrowd.TestCase
TestAnyCrowd.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
