"""The hub: each event reaches every socket of its room once and in order, come what may."""

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncplay_backend.domain.close_codes import Close
from tests.live.hall import Hall
from tests.live.paper import (
    ALICE,
    BOB,
    CONTRACT,
    EPOCH,
    NO_WORD_IN_THE_CONTRACT,
    PRECISE,
    ROOM,
    a_connection,
    code_of,
    news,
    snapshot,
)


@pytest.fixture
def hub() -> Hall:
    return Hall()


def test_everybody_in_the_room_is_sent_an_event_and_nobody_else(hub: Hall) -> None:
    _, alice = hub.seat()
    _, bob = hub.seat()
    _, charlie = hub.seat(room_id=uuid4())
    hub.receive([news(6)])
    assert alice.seqs == bob.seqs == [5, 6]
    assert charlie.seqs == [5]


def test_subscribe_then_read_then_apply_loses_and_doubles_nothing(hub: Hall) -> None:
    connection, paper = a_connection()
    hub.listen(connection)
    hub.receive([news(4), news(5)])  # before the room was read: the snapshot shows them
    hub.receive([news(6)])  # between the reading and the sending
    hub.start(connection, [snapshot(5)], 5, EPOCH)
    hub.receive([news(7)])
    assert paper.seqs == [5, 6, 7]


def test_who_was_held_while_the_room_was_sent_whole_is_sent_it_too_and_nothing_over_a_gap(
    hub: Hall,
) -> None:
    joiner, paper = a_connection()
    hub.listen(joiner)
    hub.seat()
    hub.refresh(ROOM, snapshot(7), 7, EPOCH, all=True)
    hub.receive([news(6), news(7), news(8)])
    hub.start(joiner, [snapshot(6)], 6, EPOCH)  # it was read before all that
    hub.receive([news(9)])
    assert paper.seqs == [6]
    assert hub.wanted
    hub.refresh(ROOM, snapshot(9), 9, EPOCH, all=False)
    hub.receive([news(10)])
    assert paper.seqs == [6, 9, 10]


@given(st.permutations(range(1, 13)), st.integers(0, 12), st.integers(0, 12), st.data())
@settings(max_examples=200, deadline=None)
def test_a_joiner_hears_everything_after_its_snapshot_wherever_it_comes_in(
    order: list[int], heard_before: int, read_at: int, data: st.DataObject
) -> None:
    hub = Hall()
    _, bob = hub.seat(seq=0)
    joiner, paper = a_connection()
    hub.listen(joiner)
    hub.receive(news(seq) for seq in order[:heard_before])
    hub.start(joiner, [snapshot(read_at)], read_at, EPOCH)
    hub.receive(news(seq) for seq in order[heard_before:])
    assert paper.seqs == list(range(read_at, 13))
    assert bob.seqs == list(range(13)), "who was there before hears all of it as well"


def test_a_joiner_that_is_ahead_of_the_post_makes_no_gap_for_the_others(hub: Hall) -> None:
    """Another process committed 6, this one the join (7), and the post is slower than we are."""
    _, bob = hub.seat(seq=5)
    joiner, alice = a_connection()
    hub.listen(joiner)
    hub.receive([news(7)])
    hub.start(joiner, [snapshot(7)], 7, EPOCH)
    assert bob.seqs == [5]
    assert hub.wanted
    hub.receive([news(6)])
    assert bob.seqs == [5, 6, 7]
    assert alice.seqs == [7]


def test_a_gap_is_not_shown_but_asked_for(hub: Hall) -> None:
    _, paper = hub.seat()
    hub.receive([news(8), news(7)])
    assert paper.seqs == [5]
    assert set(hub.wanted) == {ROOM}
    hub.receive([news(6), news(7), news(8)])
    assert paper.seqs == [5, 6, 7, 8]


def test_one_failing_socket_does_not_end_the_loop_over_the_others(hub: Hall) -> None:
    _, before = hub.seat()
    broken, _ = a_connection(fails=True)
    hub.listen(broken)
    with pytest.raises(ConnectionError):
        hub.start(broken, [snapshot(5)], 5, EPOCH)
    _, after = hub.seat()
    hub.receive([news(6), news(7)])
    assert before.seqs == after.seqs == [5, 6, 7]


def test_who_has_gone_is_sent_nothing_more(hub: Hall) -> None:
    connection, paper = hub.seat()
    hub.remove(connection)
    hub.receive([news(6)])
    assert paper.seqs == [5]
    assert hub.rooms == {}


def test_who_went_while_its_room_was_read_is_not_brought_back(hub: Hall) -> None:
    connection, paper = a_connection()
    hub.listen(connection)
    hub.remove(connection)
    hub.start(connection, [snapshot(5)], 5, EPOCH)
    assert paper.frames == []
    assert hub.connections() == []


def test_the_room_is_kept_as_long_as_anybody_is_in_it(hub: Hall) -> None:
    first, _ = hub.seat()
    second, _ = hub.seat()
    hub.remove(first)
    assert hub.connections() == [second]
    hub.remove(second)
    hub.remove(second)
    assert hub.rooms == {}


def test_a_member_who_left_has_all_its_connections_closed(hub: Hall) -> None:
    _, laptop = hub.seat(member_id=BOB)
    _, phone = hub.seat(member_id=BOB)
    _, alice = hub.seat(member_id=ALICE)
    hub.receive([news(6, "user_left", subject=BOB)])
    assert laptop.closed == phone.closed == Close.LEFT
    assert laptop.seqs[-1] == 6
    assert alice.closed is None


def test_a_closed_room_ends_everybody_with_a_reason(hub: Hall) -> None:
    _, alice = hub.seat(CONTRACT)
    waiting, bob = a_connection()
    hub.listen(waiting)
    hub.receive([news(6, "room_closed")])
    for paper in (alice, bob):
        assert paper.closed == Close.ROOM_CLOSED
        assert code_of(paper.frames[-1]) == "room_closed"


def test_a_room_that_is_gone_ends_everybody_with_a_reason(hub: Hall) -> None:
    _, alice = hub.seat()
    hub.end_room(ROOM)
    hub.end_room(uuid4())
    assert alice.closed == Close.ROOM_CLOSED
    assert code_of(alice.frames[-1]) == "room_not_found"


def test_who_was_crowded_out_is_told_so(hub: Hall) -> None:
    oldest, paper = hub.seat()
    _, others = hub.seat()
    hub.crowd_out([oldest.id, uuid4()])
    assert paper.closed == Close.TOO_MANY_CONNECTIONS
    assert code_of(paper.frames[-1]) == "too_many_connections"
    assert others.closed is None


def test_who_needs_the_room_is_sent_it_and_nobody_else(hub: Hall) -> None:
    _, contract = hub.seat(CONTRACT)
    _, precise = hub.seat(PRECISE)
    hub.receive([news(6, NO_WORD_IN_THE_CONTRACT)])
    assert hub.wanted == [ROOM]
    hub.refresh(ROOM, snapshot(6), 6, EPOCH, all=False)
    assert contract.seqs == [5, 6]
    assert precise.types == ["room_update", NO_WORD_IN_THE_CONTRACT]


def test_a_room_that_was_read_before_the_last_event_is_not_sent_after_it(hub: Hall) -> None:
    _, contract = hub.seat(CONTRACT)
    hub.receive([news(6, NO_WORD_IN_THE_CONTRACT)])
    hub.receive([news(7, "play")])  # while the room is being read as it was at 6
    hub.wanted.clear()
    hub.refresh(ROOM, snapshot(6), 6, EPOCH, all=False)
    assert contract.seqs == [5, 7]
    assert hub.wanted == [ROOM], "it is to be read once more"
    hub.refresh(ROOM, snapshot(7), 7, EPOCH, all=False)
    assert contract.seqs == [5, 7, 7]


def test_a_restored_database_sets_everybody_back(hub: Hall) -> None:
    other_epoch = uuid4()
    _, alice = hub.seat(seq=50)
    hub.refresh(ROOM, snapshot(3), 3, other_epoch, all=True)
    hub.receive([news(4)])
    assert alice.seqs == [50, 3, 4]
    assert hub.rooms[ROOM].epoch == other_epoch


def test_what_happened_while_the_whole_room_was_read_is_asked_for(hub: Hall) -> None:
    _, alice = hub.seat()
    hub.receive([news(6), news(7)])
    hub.wanted.clear()
    hub.refresh(ROOM, snapshot(6), 6, EPOCH, all=True)
    assert hub.wanted == [ROOM]
    hub.receive([news(7)])
    assert alice.seqs == [5, 6, 7, 6, 7]


def test_a_joiner_is_not_left_behind_by_a_refresh_while_it_entered(hub: Hall) -> None:
    hub.seat()
    joiner, paper = a_connection()
    hub.listen(joiner)
    hub.refresh(ROOM, snapshot(9), 9, EPOCH, all=True)
    assert paper.frames == [], "its own snapshot comes first"
    hub.wanted.clear()
    hub.start(joiner, [snapshot(6)], 6, EPOCH)
    assert hub.wanted == [ROOM]
    hub.refresh(ROOM, snapshot(9), 9, EPOCH, all=False)
    assert paper.seqs == [6, 9]


def test_a_refresh_of_a_room_that_nobody_is_in_any_more_is_nothing(hub: Hall) -> None:
    hub.refresh(ROOM, snapshot(3), 3, EPOCH, all=True)
    assert hub.rooms == {}


def test_who_does_not_read_is_given_up_and_nobody_else(hub: Hall) -> None:
    _, slow = hub.seat()
    _, quick = hub.seat()
    slow.stuck = True
    hub.drop_stuck()
    assert (slow.given_up, quick.given_up) == (True, False)
