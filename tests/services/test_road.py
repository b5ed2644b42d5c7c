"""The road: what a batch of commands makes of the rooms, in the real database."""

from __future__ import annotations

import time
from collections.abc import Set
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Refused
from syncplay_backend.domain.fields import Key
from syncplay_backend.domain.people import SERVER, Actor
from syncplay_backend.domain.policy import Control, Settings
from syncplay_backend.domain.state import Room, apply_all
from syncplay_backend.live.clock import clock
from syncplay_backend.rooms import known, models, queries
from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.models import User
from syncplay_backend.rooms.writer import Job
from syncplay_backend.services.road import Order, Outcome, travel
from tests.services.stage import FILM, Person, Stage, entering, joining, open_room

KEYS = [Key(uuid4()) for _ in range(4)]
keys = st.sampled_from(KEYS)
names = st.sampled_from(["Alice", "Bob", "Charlie", "Dora"])
positions = st.none() | st.integers(0, 10_000_000).map(lambda ms: ms / 1000)
numbers = st.integers(0, 9)
playback = st.one_of(
    st.builds(c.Play, positions),
    st.builds(c.Pause, positions),
    st.builds(c.Seek, positions.filter(lambda position: position is not None)),
    st.just(c.ChangeVideo(FILM)),
)


def in_order(room: Room) -> Room:
    """Connections that opened within one millisecond have no order."""
    members = {
        id: replace(member, connections=tuple(sorted(member.connections, key=lambda held: held.id)))
        for id, member in room.members.items()
    }
    return replace(room, members=members)


class AnyRoom(RuleBasedStateMachine):
    """The law: a room loaded afresh equals the old one with the events applied."""

    @initialize(control=st.sampled_from(Control))
    def open(self, control: Control) -> None:
        self.ahead, tells = 0, clock.now
        self.set_back = lambda: setattr(clock, "now", tells)
        clock.now = lambda: tells() + self.ahead  # type: ignore[method-assign]
        self.stage = open_room(settings=Settings(control=control))
        self.room = self.stage.state

    @rule(commands=st.lists(playback, min_size=1, max_size=3), number=numbers)
    def somebody_touches_the_player(self, commands: list[c.Command], number: int) -> None:
        self.give(*((command, self.somebody(number)) for command in commands))

    @rule(key=keys, name=names)
    def somebody_comes_over_rest(self, key: Key, name: str) -> None:
        if key.hash not in {member.key_hash for member in self.room.members.values()}:
            self.give((joining(name, key=key), SERVER))

    @rule(key=keys, name=names, twice=st.booleans())
    def sockets_open(self, key: Key, name: str, twice: bool) -> None:
        self.give(*[(entering(key, name), SERVER) for _ in range(1 + twice)])

    @rule(number=numbers, command=st.sampled_from([c.Leave(), c.UsePlace()]))
    def somebody_leaves_or_stays(self, number: int, command: c.Command) -> None:
        self.give((command, self.somebody(number)))

    @rule(number=numbers)
    def a_socket_is_lost(self, number: int) -> None:
        if tabs := self.tabs():
            member_id, tab = tabs[number % len(tabs)]
            self.give((c.Disconnect(tab), Actor(member_id=member_id)))

    @rule(number=numbers)
    def a_socket_outlives_its_row(self, number: int) -> None:
        self.give((c.Reenter(uuid4(), "another process"), self.somebody(number)))

    @rule()
    def every_deadline_passes(self) -> None:
        self.ahead += limits.UNUSED_PLACE  # for us alone: a live server sees nothing that is due
        leases = [c.EndLease(member_id, tab) for member_id, tab in self.tabs()]
        ends = [*leases, *map(c.GiveUpPlace, self.room.members)]
        self.give(*((command, SERVER) for command in ends))

    def teardown(self) -> None:
        if hasattr(self, "set_back"):
            self.set_back()

    def tabs(self) -> list[tuple[UUID, UUID]]:
        members = self.room.members.values()
        return sorted((member.id, held.id) for member in members for held in member.connections)

    def somebody(self, number: int) -> Actor:
        everybody = sorted(self.room.members)
        return Actor(member_id=everybody[number % len(everybody)] if everybody else uuid4())

    def give(self, *orders: tuple[c.Command, Actor]) -> None:
        """In one batch."""
        jobs = [Job(Order(self.room.id, command, actor)) for command, actor in orders]
        _, answers = travel(jobs)
        happened = [
            event
            for job in jobs
            if not isinstance(outcome := answers[job], Refused)
            for event in outcome.events
        ]
        expected = apply_all(self.room, happened)
        self.room = self.stage.state
        assert in_order(self.room) == in_order(expected)
        assert [row.seq for row in self.stage.rows] == list(range(1, self.room.seq + 1))
        self.the_contracts_columns_agree()

    def the_contracts_columns_agree(self) -> None:
        for user in User.objects.filter(room_id=self.room.id):
            member = self.room.members[user.id]
            assert (user.is_host, user.is_online) == (self.room.is_host(member), member.is_online)


TestLaw = AnyRoom.TestCase
TestLaw.settings = settings(
    max_examples=12,
    stateful_step_count=15,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def stage() -> Stage:
    return open_room()


def test_a_new_room_equals_its_founding(stage: Stage) -> None:
    room = stage.state
    assert (room.seq, room.host_id, stage.log) == (1, stage.alice.id, ["user_joined"])
    assert stage.row.active_at == room.created_at == room.active_at


def test_a_room_may_be_created_with_its_video() -> None:
    stage = open_room(video_url=FILM)
    assert stage.log == ["user_joined", "video_changed"]
    assert stage.row.current_video_url == FILM


def test_within_a_room_time_never_goes_back(stage: Stage) -> None:
    """Another process, whose clock is ahead of ours, wrote last."""
    ahead = round(time.time() * 1000) + 1_500
    stage.change_elsewhere(active_at=ahead)
    outcome = stage.seek(1)
    assert outcome.now == ahead
    assert stage.rows[-1].timestamp == to_datetime(ahead)


def test_a_room_does_not_wait_for_a_clock_that_was_set_back(stage: Stage) -> None:
    later = round(time.time() * 1000) + 3_600_000
    stage.change_elsewhere(active_at=later)
    assert stage.seek(1).now < later


def test_a_command_that_changes_nothing_writes_nothing(stage: Stage) -> None:
    tab = stage.enter(stage.alice)
    before = (stage.state, stage.log)
    outcome = stage.give(c.Pause(None), stage.alice.at(tab))
    assert outcome.events == []
    assert (stage.state, stage.log) == before


def test_a_refusal_in_a_batch_leaves_the_others_alone(stage: Stage) -> None:
    bob = stage.join("Bob")
    refused = Job(Order(stage.room_id, c.Seek(1.0), bob.actor))
    obeyed = Job(Order(stage.room_id, c.Seek(2.0), stage.alice.actor))
    nowhere = Job(Order(uuid4(), c.Seek(3.0), stage.alice.actor))
    batch, answers = travel([refused, obeyed, nowhere])
    assert isinstance(answers[refused], Refused)
    assert isinstance(answers[nowhere], Refused)
    assert [entry.data["position"] for entry in batch.entries] == [2]


def test_who_holds_a_key_is_known_in_this_room_only(stage: Stage) -> None:
    stranger = Actor(key_hash=open_room().alice.key.hash)
    _, answers = travel([job := Job(Order(stage.room_id, c.Seek(1.0), stranger))])
    assert isinstance(answers[job], Refused)
    holder = Actor(key_hash=stage.alice.key.hash)
    _, answers = travel([job := Job(Order(stage.room_id, c.Seek(1.0), holder))])
    assert not isinstance(answers[job], Refused)


def test_a_room_that_changed_elsewhere_is_read_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be read with every command, when its last guest had come by another process."""
    read: list[UUID] = []
    rows = queries.rows

    def noting(ids: Set[UUID]) -> dict[UUID, models.Room]:
        read.extend(ids)
        return rows(ids)

    monkeypatch.setattr(queries, "rows", noting)
    stage.change_elsewhere()
    for position in range(3):
        stage.seek(position)
    assert read == [stage.room_id]


def test_only_who_asks_is_loaded_of_a_big_room(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people: list[Person] = [stage.join(name) for name in ("Bob", "Charlie")]
    monkeypatch.setattr(known, "BIG", len(people))
    for _ in range(2):
        stage.change_elsewhere()
        outcome = stage.seek(1)
        assert set(outcome.room.members) == {stage.alice.id}
    assert len(stage.state.members) == 1 + len(people)


def together(stage: Stage, *orders: tuple[c.Command, Actor]) -> list[Outcome]:
    """In one batch, in which nothing is refused."""
    jobs = [Job(Order(stage.room_id, command, actor)) for command, actor in orders]
    _, answers = travel(jobs)
    outcomes = [answers[job] for job in jobs]
    assert not [refused for refused in outcomes if isinstance(refused, Refused)]
    return outcomes  # type: ignore[return-value]


def test_who_enter_in_one_batch_are_shown_the_same_room(stage: Stage) -> None:
    bob, charlie = (entering(Key(uuid4()), name) for name in ("Bob", "Charlie"))
    play = (c.Play(7.0), stage.alice.actor)
    first, _, second, seeking = together(
        stage, (bob, SERVER), play, (charlie, SERVER), (c.Seek(8.0), stage.alice.actor)
    )
    assert first.snapshot is second.snapshot is seeking.snapshot
    assert in_order(first.room) == in_order(stage.state)
    assert first.room.seq == stage.rows[-1].seq
    assert (first.seq, second.seq) == (2, 4), "what happened to each is its own"
    assert first.who_entered != second.who_entered


def test_who_does_something_else_is_answered_with_the_room_as_it_was_then(stage: Stage) -> None:
    entered = entering(Key(uuid4()), "Bob")
    seeking, _ = together(stage, (c.Seek(8.0), stage.alice.actor), (entered, SERVER))
    assert seeking.room.seq == seeking.seq


def test_who_knows_no_clock_is_not_shown_a_start_before_it_is_due(stage: Stage) -> None:
    stage.give(entering(stage.alice.key, precise=True))
    contract, precise = entering(Key(uuid4()), "Bob"), entering(Key(uuid4()), "Eve", precise=True)
    play = (c.Play(7.0), stage.alice.actor)
    waiting, knowing, _ = together(stage, (contract, SERVER), (precise, SERVER), play)
    assert not waiting.room.timeline.playing
    assert knowing.room.timeline.playing
    assert knowing.snapshot.starts_later


@pytest.mark.parametrize("way", ["leaves", "drops", "is shut out"])
def test_who_is_gone_by_the_end_of_the_batch_is_shown_the_room_that_it_entered(
    stage: Stage, way: str
) -> None:
    bob = stage.join("Bob")
    came, stays = entering(bob.key), entering(Key(uuid4()), "Charlie")
    goes: dict[str, tuple[c.Command, Actor]] = {
        "leaves": (c.Leave(), bob.actor),
        "drops": (c.Disconnect(came.connection_id), bob.actor),
        "is shut out": (c.Close(), SERVER),
    }
    entered, stayed, gone = together(stage, (came, SERVER), (stays, SERVER), goes[way])
    assert entered.room.seq == entered.seq
    assert bob.id in entered.room.members
    shown = stayed if way == "is shut out" else gone
    assert stayed.room.seq == shown.room.seq


def test_a_ninth_connection_crowds_the_oldest_out(stage: Stage) -> None:
    tabs = [stage.enter(stage.alice) for _ in range(8)]
    order = Order(stage.room_id, entering(stage.alice.key), SERVER)
    batch, _ = travel([Job(order)])
    [crowded_out] = batch.crowded_out
    assert crowded_out in tabs
    assert len(stage.member(stage.alice).connections) == 8
