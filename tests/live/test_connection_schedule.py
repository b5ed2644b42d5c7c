"""A start that is still to come, told to who knows no clock: when it is due, and in order."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

import pytest

from syncplay_backend.live import connection as module
from syncplay_backend.live.connection import Connection
from syncplay_backend.live.feed import News
from tests.live.by_hand import NOW, Time
from tests.live.lines import NewestPaper, connected
from tests.live.paper import CONTRACT, PRECISE, news, snapshot

START = NOW + 300


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(module, "asyncio", SimpleNamespace(get_running_loop=lambda: time))
    monkeypatch.setattr(module, "clock", time)
    return time


def play(seq: int = 1, due: float = START, origin: UUID | None = None) -> News:
    told = news(seq, "play", origin=origin)
    return News(told.room_id, seq, "play", origin, None, told.frame, round(due))


def a_client(trip: float | None = None) -> tuple[Connection, NewestPaper]:
    return connected(CONTRACT, trip=trip)


def test_a_start_is_handed_over_when_it_is_due(time: Time) -> None:
    client, paper = a_client()
    client.deliver(play())

    time.pass_until(START - 1)
    assert paper.types == []
    time.pass_until(START)
    assert paper.types == ["play"]


def test_half_a_round_trip_earlier_since_it_has_a_way_to_go(time: Time) -> None:
    client, paper = a_client(trip=80)
    client.deliver(play())

    time.pass_until(START - 41)
    assert paper.types == []
    time.pass_until(START - 40)
    assert paper.types == ["play"]


def test_a_start_that_would_be_late_is_handed_over_at_once(time: Time) -> None:
    client, paper = a_client(trip=900)
    client.deliver(play())

    time.pass_until(NOW)
    assert paper.types == ["play"]


def test_a_start_that_has_begun_is_no_matter_for_a_timer() -> None:
    client, paper = a_client()
    client.deliver(play(due=0))

    assert paper.types == ["play"]


def test_it_is_handed_over_once(time: Time) -> None:
    client, paper = a_client()
    client.deliver(play())
    time.pass_until(START)
    client.deliver(news(2, "pause"))
    time.pass_until(START + 10_000)

    assert paper.seqs == [1, 2]


@pytest.mark.parametrize("type", ["pause", "seek", "video_changed", "play"])
def test_what_comes_later_never_comes_first(time: Time, type: str) -> None:
    client, paper = a_client()
    client.deliver(play())
    client.deliver(news(2, type))

    assert paper.seqs == [1, 2]
    time.pass_until(START + 10_000)
    assert paper.seqs == [1, 2]


def test_of_two_starts_the_later_one_is_the_one_that_waits(time: Time) -> None:
    client, paper = a_client()
    client.deliver(play())
    client.deliver(play(2, START + 500))

    assert paper.seqs == [1]
    time.pass_until(START + 500)
    assert paper.seqs == [1, 2]


@pytest.mark.parametrize("type", ["rate", "waiting"])
def test_what_the_contract_has_no_word_for_comes_after_it_too(time: Time, type: str) -> None:
    client, paper = a_client()
    client.deliver(play())
    client.deliver(news(2, type))
    assert client.needs_snapshot
    client.give_snapshot([snapshot(2)], 2)

    time.pass_until(START + 10_000)
    assert paper.types == ["play", "room_update"]


@pytest.mark.parametrize("type", ["user_joined", "user_offline", "user_left"])
def test_who_comes_and_goes_does_not_bring_it_forward(time: Time, type: str) -> None:
    client, paper = a_client()
    client.deliver(play())
    client.deliver(news(2, type))

    assert paper.seqs == [2]
    time.pass_until(START)
    assert paper.seqs == [2, 1]


def test_chat_is_not_for_the_contract_and_does_not_bring_it_forward(time: Time) -> None:
    client, paper = a_client()
    client.deliver(play())
    client.deliver(news(2, "chat"))

    assert (paper.types, client.needs_snapshot) == ([], False)


def test_a_snapshot_comes_after_it(time: Time) -> None:
    client, paper = a_client()
    client.deliver(play())
    client.give_snapshot([snapshot(1)], 1)
    time.pass_until(START)

    assert paper.types == ["play", "room_update"]


@pytest.mark.parametrize("type", ["pause", "seek", "play", "video_changed"])
def test_who_does_something_of_its_own_is_not_told_an_older_start_afterwards(
    time: Time, type: str
) -> None:
    """It would start again what it has just paused; it is told how the room is instead."""
    client, paper = a_client()
    client.deliver(play())
    client.deliver(news(2, type, origin=client.id))
    time.pass_until(START + 10_000)

    assert paper.types == []
    assert client.needs_snapshot


def test_who_has_been_told_already_needs_no_snapshot_for_what_it_does(time: Time) -> None:
    client, paper = a_client()
    client.deliver(play())
    time.pass_until(START)
    client.deliver(news(2, "pause", origin=client.id))

    assert (paper.types, client.needs_snapshot) == (["play"], False)


def test_until_then_it_cannot_be_shown_the_room(time: Time) -> None:
    """It knows no clock, and would begin at once."""
    client, _ = a_client()
    assert client.start_due_in == 0
    client.deliver(play())

    assert client.start_due_in == pytest.approx(0.3)
    time.pass_until(START - 100)
    assert client.start_due_in == pytest.approx(0.1)
    time.pass_until(START)
    assert client.start_due_in == 0


def test_after_something_of_its_own_it_can(time: Time) -> None:
    client, _ = a_client()
    client.deliver(play())
    client.deliver(news(2, "pause", origin=client.id))

    assert client.start_due_in == 0


def test_a_connection_that_is_gone_is_sent_nothing(time: Time) -> None:
    client, paper = a_client()
    client.deliver(play())
    client.stop()
    time.pass_until(START)

    assert paper.types == []


def test_who_knows_the_clock_is_told_at_once() -> None:
    client, paper = connected(PRECISE)
    client.deliver(play())

    assert paper.types == ["play"]


def test_a_client_of_the_contract_has_begun_half_a_round_trip_before_it_is_heard() -> None:
    assert a_client(trip=81)[0].head_start == 40
    assert a_client(trip=None)[0].head_start == 0
    assert connected(PRECISE, trip=80)[0].head_start is None
