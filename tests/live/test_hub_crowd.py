"""The hub of a big room: comings and goings are told together, and nothing overtakes them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.live import presence
from tests.live.by_hand import Time
from tests.live.crowd import Crowd, a_member, from_the_log
from tests.live.hall import Hall
from tests.live.paper import ALICE, CONTRACT, EPOCH, PRECISE, ROOM, Paper, a_connection


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(presence, "asyncio", SimpleNamespace(get_running_loop=lambda: time))
    return time


class Stadium:
    """A hub, a crowd, and Alice who has come first."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.hub = Hall()
        self.crowd = Crowd()
        self.alice = self.seat(member_id=ALICE)
        self.contract = self.seat(CONTRACT)

    def seat(self, protocol: int = PRECISE, **more) -> Paper:
        seq = self.crowd.room.seq
        return self.hub.seat(protocol, seq, frame=self.crowd.snapshot(), **more)[1]

    def come(self, *names: str) -> None:
        self.hub.receive([self.crowd.comes(a_member(name)) for name in names])

    def is_quiet(self) -> None:
        """Somebody came, and was told of."""
        self.come("First")
        self.time.go_on()


@pytest.fixture
def stadium(time: Time) -> Stadium:
    return Stadium(time)


def test_who_comes_after_a_quiet_second_is_told_of_at_once(stadium: Stadium) -> None:
    stadium.come("Dora")
    stadium.time.go_on()
    assert stadium.alice.types == stadium.contract.types == ["room_update", "user_joined"]


def test_all_others_within_the_second_are_told_of_in_one_frame(stadium: Stadium) -> None:
    stadium.is_quiet()
    for number in range(50):
        stadium.come(f"Newcomer {number}")
    stadium.time.go_on(999)
    assert stadium.alice.seqs == [0, 1]
    stadium.time.go_on(1)
    assert stadium.alice.types == ["room_update", "user_joined", "presence"]
    assert stadium.contract.types == ["room_update", "user_joined", "user_joined"]
    assert len(stadium.contract.said[-1]["data"]["others"]) == 49


def test_they_are_encoded_once_for_all_who_know_the_same(stadium: Stadium) -> None:
    written: list[bytes] = []
    for _ in range(2):
        paper = stadium.seat()
        paper.put = written.append  # type: ignore[method-assign, assignment]
    stadium.come("Dora", "Erin")
    stadium.time.go_on()
    assert len(written) == 2
    assert written[0] is written[1]


def test_in_a_room_that_is_not_big_each_is_told_of(stadium: Stadium) -> None:
    hub, crowd = Hall(), Crowd(size=3)
    _, paper = hub.seat(seq=0)
    hub.receive([crowd.comes(a_member(name)) for name in ("Dora", "Erin")])
    assert paper.types == ["room_update", "user_joined", "user_joined"]


@pytest.mark.parametrize("what", ["says", "seeks", "changes_the_rate"])
def test_nothing_else_overtakes_them(stadium: Stadium, what: str) -> None:
    stadium.is_quiet()
    stadium.come("Dora", "Erin")
    stadium.hub.receive([getattr(stadium.crowd, what)()])
    assert stadium.alice.types[-2] == "presence"
    assert stadium.alice.said[-2]["fromSeq"] == 2
    assert stadium.alice.seqs[-2:] == [3, 4]
    assert stadium.contract.seqs[2] == 3
    stadium.time.go_on(5_000)
    assert stadium.alice.seqs[-1] == 4


def test_a_room_that_has_become_small_tells_what_was_gathered_first(stadium: Stadium) -> None:
    stadium.is_quiet()
    stadium.come("Dora")
    for _ in range(3):
        stadium.hub.receive([stadium.crowd.leaves(stadium.crowd.guest(0))])
    assert stadium.alice.types[2:] == ["presence", "user_left"]
    assert stadium.alice.seqs[2:] == [4, 5]


class TestWhoLeaves:
    def test_is_told_and_closed_at_once_and_the_others_later(self, stadium: Stadium) -> None:
        bob = stadium.crowd.guest(0)
        laptop = stadium.seat(member_id=bob.id)
        phone = stadium.seat(CONTRACT, member_id=bob.id)
        stadium.is_quiet()
        stadium.come("Dora")
        stadium.hub.receive([stadium.crowd.leaves(bob, ref="bob's command")])
        for paper in (laptop, phone):
            assert paper.types == ["room_update", "user_joined", "user_joined", "user_left"]
            assert paper.said[-1]["data"]["ref"] == "bob's command"
            assert paper.closed == Close.LEFT
        assert stadium.alice.seqs == [0, 1]
        stadium.time.go_on(1_000)
        assert stadium.alice.seqs == [0, 1, 3]
        assert stadium.alice.closed is None

    def test_is_closed_though_its_room_was_still_being_read(self, stadium: Stadium) -> None:
        """It is in the hub, which does not know yet whose connection it is."""
        bob = stadium.crowd.guest(0)
        connection, paper = a_connection()
        connection.member_id = None
        stadium.is_quiet()
        stadium.hub.listen(connection)
        seq, snapshot = stadium.crowd.room.seq, stadium.crowd.snapshot()
        stadium.hub.receive([stadium.crowd.comes(bob), stadium.crowd.leaves(bob)])
        stadium.time.go_on(1_000)
        connection.member_id = bob.id
        stadium.hub.start(connection, [snapshot], seq, EPOCH)
        assert paper.types == ["room_update", "presence"]
        assert paper.closed == Close.LEFT


class TestWhoComesInBetween:
    @pytest.mark.parametrize("protocol", [CONTRACT, PRECISE])
    def test_is_told_what_is_newer_than_its_room(self, stadium: Stadium, protocol: int) -> None:
        stadium.is_quiet()
        stadium.come("Dora", "Erin")
        bob = stadium.seat(protocol)
        stadium.come("Frank", "Grace")
        stadium.time.go_on(1_000)
        assert bob.seqs == [3, 5]
        assert stadium.alice.seqs == [0, 1, 5]
        assert "Dora" not in bob.frames[-1]

    def test_does_not_make_the_others_hear_it_sooner(self, stadium: Stadium) -> None:
        stadium.is_quiet()
        for name in ("Dora", "Erin"):
            stadium.come(name)
            stadium.seat()
        assert stadium.alice.seqs == [0, 1]

    def test_is_not_sent_the_room_again(self, stadium: Stadium) -> None:
        """What was gathered while it was let in is newer than its room, and will be told."""
        stadium.is_quiet()
        connection, paper = a_connection()
        stadium.hub.listen(connection)
        seq, snapshot = stadium.crowd.room.seq, stadium.crowd.snapshot()
        stadium.come("Dora", "Erin")
        stadium.hub.start(connection, [snapshot], seq, EPOCH)
        assert not connection.needs_snapshot
        stadium.time.go_on(1_000)
        assert paper.seqs == [1, 3]

    def test_hears_what_was_told_while_it_was_held(self, stadium: Stadium) -> None:
        connection, paper = a_connection()
        stadium.hub.listen(connection)
        stadium.come("Dora", "Erin")
        stadium.time.go_on()
        stadium.hub.receive([stadium.crowd.says()])
        stadium.hub.start(connection, [stadium.crowd.snapshot(1)], 1, EPOCH)
        assert paper.types == ["room_update", "user_joined", "chat"]
        assert paper.seqs == [1, 2, 3]


class TestTheWholeRoom:
    def test_for_those_who_need_it_does_not_hurry_the_others(self, stadium: Stadium) -> None:
        stadium.hub.receive([stadium.crowd.changes_the_rate()])
        stadium.is_quiet()
        stadium.come("Dora")
        stadium.hub.refresh(ROOM, stadium.crowd.snapshot(), 3, EPOCH, all=False)
        assert stadium.alice.seqs == [0, 1, 2]
        assert stadium.contract.seqs == [0, 2, 3]
        stadium.time.go_on(1_000)
        assert stadium.alice.seqs == [0, 1, 2, 3]
        assert stadium.contract.seqs == [0, 2, 3]

    def test_may_have_been_read_before_what_is_gathered(self, stadium: Stadium) -> None:
        stadium.hub.receive([stadium.crowd.changes_the_rate()])
        stadium.is_quiet()
        stadium.hub.wanted.clear()
        stadium.come("Dora")
        stadium.hub.refresh(ROOM, stadium.crowd.snapshot(2), 2, EPOCH, all=False)
        assert stadium.hub.wanted == [ROOM], "as long as somebody needs it"
        stadium.time.go_on(1_000)
        assert stadium.contract.seqs == [0, 2, 2, 3]

    def test_of_a_restored_database_comes_after_what_was_gathered(self, stadium: Stadium) -> None:
        stadium.is_quiet()
        stadium.come("Dora", "Erin")
        stadium.hub.refresh(ROOM, stadium.crowd.snapshot(1), 1, EPOCH, all=True)
        stadium.time.go_on(5_000)
        assert stadium.alice.types == ["room_update", "user_joined", "presence", "room_update"]
        assert stadium.alice.seqs[-1] == 1


def test_what_the_mender_brings_of_a_big_room_is_gathered_too(stadium: Stadium) -> None:
    stadium.is_quiet()
    missed = [stadium.crowd.comes(a_member(name)) for name in ("Dora", "Erin", "Frank")]
    stadium.hub.receive([missed[2]])
    assert stadium.hub.wanted
    stadium.hub.receive(map(from_the_log, missed))
    stadium.time.go_on(1_000)
    assert stadium.alice.types[-1] == "presence"
    assert stadium.alice.seqs == [0, 1, 4]


def test_who_has_a_gap_before_them_is_seen_to_when_they_are_told(stadium: Stadium) -> None:
    stadium.is_quiet()
    bob, _ = stadium.hub.seat(seq=stadium.crowd.room.seq, frame=stadium.crowd.snapshot())
    bob.seq -= 1
    stadium.come("Dora")
    stadium.hub.wanted.clear()
    stadium.time.go_on(1_000)

    assert bob.needs_snapshot
    assert stadium.hub.wanted == [ROOM]


def test_one_broken_socket_does_not_keep_it_from_the_others(stadium: Stadium) -> None:
    broken, _ = a_connection(fails=True)
    stadium.hub.listen(broken)
    with pytest.raises(ConnectionError):
        stadium.hub.start(broken, [stadium.crowd.snapshot()], 0, EPOCH)
    after = stadium.seat()
    stadium.come("Dora", "Erin")
    stadium.time.go_on()
    assert stadium.alice.seqs == after.seqs == [0, 2]


def test_an_empty_room_tells_nobody_anything(stadium: Stadium) -> None:
    stadium.is_quiet()
    stadium.come("Dora")
    for connection in stadium.hub.connections():
        stadium.hub.remove(connection)
    assert stadium.time.is_idle
    stadium.time.go_on(5_000)
    assert stadium.alice.seqs == [0, 1]
