"""The feed: whatever order the news come in, they are let through in order, once, without a gap."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from syncplay_backend.live.feed import AHEAD, Feed
from tests.live.paper import news

START = 7
seqs = st.integers(START - 3, START + 30)


def numbers(let_through: Iterable) -> list[int]:
    return [item.seq for item in let_through]


def a_feed(seq: int = START) -> Feed:
    feed = Feed()
    feed.start_from(seq)
    return feed


def test_what_comes_in_order_is_let_through_at_once() -> None:
    feed = a_feed()
    assert numbers(feed.accept(news(8))) == [8]
    assert numbers(feed.accept(news(9))) == [9]
    assert not feed.has_gap


def test_what_overtook_another_waits_for_it() -> None:
    feed = a_feed()
    assert numbers(feed.accept(news(9))) == []
    assert feed.has_gap
    assert numbers(feed.accept(news(8))) == [8, 9]
    assert not feed.has_gap


def test_what_is_known_is_not_let_through_again() -> None:
    feed = a_feed()
    feed.accept(news(8))
    assert numbers(feed.accept(news(8))) == []
    assert numbers(feed.accept(news(3))) == []


def test_before_anything_is_known_everything_is_kept() -> None:
    feed = Feed()
    assert numbers(feed.accept(news(9))) == []
    assert numbers(feed.accept(news(8))) == []
    assert not feed.has_gap
    assert numbers(feed.start_from(7)) == [8, 9]


def test_what_a_start_covers_is_dropped() -> None:
    feed = a_feed()
    feed.accept(news(9))
    feed.accept(news(12))
    assert numbers(feed.start_from(10)) == []
    assert feed.seq == 10
    assert numbers(feed.accept(news(11))) == [11, 12]


def test_a_start_never_goes_back() -> None:
    feed = a_feed()
    assert numbers(feed.start_from(3)) == []
    assert feed.seq == START


def test_what_is_forgotten_may_start_lower() -> None:
    feed = a_feed()
    feed.accept(news(9))
    feed.forget()
    assert (feed.seq, feed.has_gap) == (None, False)
    feed.start_from(2)
    assert numbers(feed.accept(news(3))) == [3]


def test_news_that_wait_do_not_fill_the_memory() -> None:
    feed = a_feed()
    for seq in range(START + 2, START + 2 + 3 * AHEAD):
        feed.accept(news(seq))
    assert len(feed._ahead) <= AHEAD
    assert feed.has_gap


def test_what_fills_a_gap_is_taken_however_much_waits_behind_it() -> None:
    feed = a_feed()
    for seq in range(START + 2, START + 2 + 2 * AHEAD):
        feed.accept(news(seq))
    let_through = numbers(feed.accept(news(START + 1)))
    assert let_through == list(range(START + 1, START + 2 + AHEAD))


@given(st.lists(seqs))
@settings(max_examples=300, deadline=None)
def test_in_any_order_with_losses_and_duplicates_there_is_no_gap_and_nothing_twice(
    arriving: list[int],
) -> None:
    feed = a_feed()
    let_through = [seq for arrived in arriving for seq in numbers(feed.accept(news(arrived)))]
    assert let_through == list(range(START + 1, START + 1 + len(let_through)))
    assert feed.seq == START + len(let_through)
    missing = set(range(START + 1, max(arriving, default=0) + 1)) - set(let_through)
    assert feed.has_gap is bool(missing)


@given(st.permutations(range(START + 1, START + 20)), st.lists(seqs))
@settings(deadline=None)
def test_once_all_have_come_all_have_been_let_through(order: list[int], noise: list[int]) -> None:
    feed = a_feed()
    noise = [seq for seq in noise if seq < START + 20]
    let_through = [seq for came in [*noise, *order] for seq in numbers(feed.accept(news(came)))]
    assert let_through == list(range(START + 1, START + 20))


@given(st.lists(seqs), st.lists(seqs), seqs)
@settings(deadline=None)
def test_a_start_in_the_middle_leaves_neither_gap_nor_double(
    before: list[int], after: list[int], start: int
) -> None:
    feed = Feed()
    for seq in before:
        assert feed.accept(news(seq)) == []
    let_through = numbers(feed.start_from(start))
    let_through += [seq for came in after for seq in numbers(feed.accept(news(came)))]
    assert let_through == list(range(start + 1, start + 1 + len(let_through)))
