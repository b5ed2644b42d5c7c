"""Commands are done once, however often they have to be said."""

from syncplay_client.commands import IN_FLIGHT
from syncplay_client.happenings import Answered, Happened

from tests.clients.words import SNAPSHOT, frame, reopen, said


def test_a_command_bears_an_id_and_is_answered_by_it(joined):
    id = joined.command("play", {"position": 1})

    assert said(joined) == [{"type": "play", "data": {"position": 1}, "id": id}]
    assert joined.received(frame("ack", ref=id, seq=8), 0) == [Answered(id, 8)]


def test_a_command_before_the_join_waits_for_it(session):
    session.opened()
    id = session.command("play", {})
    assert said(session, "play") == []
    session.received(frame("room_update", **SNAPSHOT), 0)

    assert [one["id"] for one in said(session, "play")] == [id]


def test_an_answer_that_comes_twice_is_one(joined):
    id = joined.command("play", {})
    joined.received(frame("ack", ref=id, seq=8), 0)

    assert joined.received(frame("ack", ref=id, seq=8), 0) == []


def test_what_had_no_answer_is_said_again_with_the_same_id(joined):
    id = joined.command("play", {})
    said(joined)
    reopen(joined)
    assert said(joined, "play") == []
    joined.received(frame("resumed", seq=7), 0)

    assert [one["id"] for one in said(joined, "play")] == [id]


def test_what_was_answered_or_given_up_is_not(joined):
    joined.received(frame("ack", ref=joined.command("play", {}), seq=8), 0)
    joined.forget(joined.command("pause", {}))
    reopen(joined)
    joined.received(frame("resumed", seq=7), 0)

    assert [one["type"] for one in said(joined)] == ["join"]


def test_a_refusal_is_an_answer(joined):
    id = joined.command("play", {})
    refused = frame("error", ref=id, code="not_allowed", error="No.", retryable=False)
    [answer] = joined.received(refused, 0)

    assert answer.error.code == "not_allowed"


def test_a_frame_too_many_is_refused_without_saying_which_so_all_are_said_again(joined):
    ids = [joined.command("seek", {"position": n}) for n in range(3)]
    said(joined)
    joined.received(frame("ack", ref=ids[0], seq=8), 0)
    slow_down = frame("error", code="slow_down", error="…", retryable=True, retryAfter=1)
    [heard] = joined.received(slow_down, 0)
    assert isinstance(heard, Happened)
    joined.tick(999)
    assert said(joined, "seek") == []
    joined.tick(1_500)

    assert [one["id"] for one in said(joined, "seek")] == ids[1:]


def test_a_busy_server_is_asked_again_when_it_says(joined):
    id = joined.command("play", {})
    said(joined)
    busy = frame("error", ref=id, code="unavailable", error="…", retryable=True, retryAfter=2)

    assert joined.received(busy, 1_000) == []
    joined.tick(2_999)
    assert said(joined, "play") == []
    joined.tick(1_000 + 2_000 * 1.5)
    assert [one["id"] for one in said(joined, "play")] == [id]


def test_no_more_is_said_at_once_than_the_server_takes(joined):
    ids = [joined.command("chat", {"text": "hi"}) for _ in range(IN_FLIGHT + 1)]
    assert len(said(joined, "chat")) == IN_FLIGHT
    joined.received(frame("ack", ref=ids[0], seq=8), 0)
    joined.tick(0)

    assert [one["id"] for one in said(joined, "chat")] == ids[-1:]
