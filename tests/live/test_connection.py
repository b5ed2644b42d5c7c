"""A connection: what it is sent of the news, and from when on."""

import pytest

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.wire import NOT_ECHOED
from tests.live.paper import (
    BOB,
    CONTRACT,
    NO_WORD_IN_THE_CONTRACT,
    PRECISE,
    a_connection,
    news,
    snapshot,
)


def test_after_its_snapshot_it_is_sent_what_is_newer() -> None:
    connection, paper = a_connection()
    connection.give_snapshot([snapshot(5)], 5)
    connection.deliver(news(6))
    assert paper.types == ["room_update", "seek"]


def test_what_comes_before_the_snapshot_is_held_and_what_the_snapshot_shows_is_dropped() -> None:
    connection, paper = a_connection()
    for seq in (4, 5, 6, 7):
        connection.deliver(news(seq))
    assert connection.is_held
    assert paper.frames == []
    connection.give_snapshot([snapshot(5)], 5)
    assert not connection.is_held
    assert paper.seqs == [5, 6, 7]


def test_nothing_is_sent_twice() -> None:
    connection, paper = a_connection()
    connection.give_snapshot([snapshot(5)], 5)
    for seq in (5, 6, 6, 4):
        connection.deliver(news(seq))
    assert paper.seqs == [5, 6]


def test_over_a_gap_nothing_is_told_and_the_room_is_asked_for() -> None:
    connection, paper = a_connection()
    connection.give_snapshot([snapshot(5)], 5)
    connection.deliver(news(7))
    assert connection.needs_snapshot
    connection.give_snapshot([snapshot(7)], 7)
    connection.deliver(news(8))
    assert not connection.needs_snapshot
    assert paper.seqs == [5, 7, 8]


def test_who_leaves_beyond_a_gap_is_closed_all_the_same() -> None:
    connection, paper = a_connection(member_id=BOB)
    connection.give_snapshot([snapshot(5)], 5)
    connection.deliver(news(7, "user_left", subject=BOB))
    assert paper.closed is Close.LEFT


def test_a_second_snapshot_may_set_the_seq_downwards() -> None:
    connection, paper = a_connection()
    connection.give_snapshot([snapshot(9)], 9)
    connection.give_snapshot([snapshot(2)], 2)
    connection.deliver(news(3))
    assert paper.seqs == [9, 2, 3]


@pytest.mark.parametrize("type", sorted(NOT_ECHOED))
def test_the_contract_sends_no_playback_back_to_the_connection_it_came_from(type: str) -> None:
    mine, sent_it = a_connection(CONTRACT)
    other_tab, paper = a_connection(CONTRACT)
    for connection in (mine, other_tab):
        connection.give_snapshot([snapshot(1)], 1)
        connection.deliver(news(2, type, origin=mine.id))
    assert sent_it.types == ["room_update"]
    assert paper.types == ["room_update", type]


def test_what_came_over_rest_is_sent_to_everybody() -> None:
    connection, paper = a_connection(CONTRACT)
    connection.give_snapshot([snapshot(1)], 1)
    connection.deliver(news(2, "play", origin=None))
    assert paper.types == ["room_update", "play"]


def test_a_precise_client_is_sent_its_own_events_too() -> None:
    connection, paper = a_connection(PRECISE)
    connection.give_snapshot([snapshot(1)], 1)
    connection.deliver(news(2, "play", origin=connection.id))
    assert paper.types == ["room_update", "play"]


def test_what_the_contract_has_no_word_for_asks_for_the_room() -> None:
    connection, paper = a_connection(CONTRACT)
    connection.give_snapshot([snapshot(1)], 1)
    connection.deliver(news(2, NO_WORD_IN_THE_CONTRACT))
    assert paper.types == ["room_update"]
    assert connection.needs_snapshot
    connection.give_snapshot([snapshot(2)], 2)
    assert not connection.needs_snapshot


def test_a_precise_client_is_sent_what_the_contract_has_no_word_for() -> None:
    connection, paper = a_connection(PRECISE)
    connection.give_snapshot([snapshot(1)], 1)
    connection.deliver(news(2, NO_WORD_IN_THE_CONTRACT))
    assert paper.types == ["room_update", NO_WORD_IN_THE_CONTRACT]
    assert not connection.needs_snapshot


def test_its_own_event_is_withheld_when_it_was_held_too() -> None:
    connection, paper = a_connection(CONTRACT)
    connection.deliver(news(6, "play", origin=connection.id))
    connection.give_snapshot([snapshot(5)], 5)
    assert paper.types == ["room_update"]
