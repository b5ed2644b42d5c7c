from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.refusals import assert_refused
from tests.peer import Rest, Seat, join_room
from tests.process import ServerProcess


@pytest.fixture
def history(rest: Rest, server: ServerProcess, alice: Seat) -> str:
    """The path of a history: Alice and Bob came (1, 2), and Alice played and paused (3 to 8)."""
    join_room(server, alice.room_id, "Bob")
    for turn in range(6):
        action = "pause" if turn % 2 else "play"
        wish = {"user_id": alice.key, "action": action, "position": turn}
        rest.post(f"/api/rooms/{alice.room_id}/control/", wish)
    return f"/api/rooms/{alice.room_id}/messages/"


def seqs(rest: Rest, path: str) -> list[int]:
    body: dict[str, Any] = rest.get(path).body
    assert body["count"] == len(body["messages"])
    return [message["seq"] for message in body["messages"]]


def test_what_happened_is_told_oldest_first(rest: Rest, alice: Seat, history: str) -> None:
    answer = rest.get(history)

    assert answer.status == 200
    assert answer.body.keys() == {"status", "messages", "count"}
    messages = answer.body["messages"]
    assert [message["type"] for message in messages] == ["user_joined"] * 2 + ["play", "pause"] * 3
    last = messages[-1]
    assert last.keys() == {"id", "seq", "user_id", "type", "data", "timestamp"}
    assert (last["seq"], last["user_id"], last["data"]["position"]) == (8, alice.public_id, 5)
    assert datetime.fromisoformat(last["timestamp"]).utcoffset() == timedelta(0)


def test_a_limit_leaves_the_newest(rest: Rest, history: str) -> None:
    assert seqs(rest, f"{history}?limit=3") == [6, 7, 8]


def test_one_reads_backwards_with_before(rest: Rest, history: str) -> None:
    assert seqs(rest, f"{history}?limit=3&before=6") == [3, 4, 5]
    assert seqs(rest, f"{history}?before=1") == []


def test_one_reads_on_with_after(rest: Rest, history: str) -> None:
    assert seqs(rest, f"{history}?limit=3&after=2") == [3, 4, 5]
    assert seqs(rest, f"{history}?after=0") == [1, 2, 3, 4, 5, 6, 7, 8]
    assert seqs(rest, f"{history}?after=8") == []
    assert seqs(rest, f"{history}?after={2**63 - 1}") == []


def test_before_and_after_together_are_a_range(rest: Rest, history: str) -> None:
    assert seqs(rest, f"{history}?after=2&before=6") == [3, 4, 5]


def test_one_type_alone(rest: Rest, history: str) -> None:
    assert seqs(rest, f"{history}?type=pause") == [4, 6, 8]
    assert seqs(rest, f"{history}?type=pause&limit=1&before=8") == [6]
    assert seqs(rest, f"{history}?type=never_heard_of") == []


def test_one_type_is_read_on_with_after(rest: Rest, history: str) -> None:
    assert seqs(rest, f"{history}?type=pause&after=4") == [6, 8]
    assert seqs(rest, f"{history}?type=pause&after=4&limit=1") == [6]
    assert seqs(rest, f"{history}?type=pause&after={2**63 - 1}") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("before=-1", "before"),
        ("before=x", "before"),
        ("after=1.5", "after"),
        (f"after={2**63}", "after"),
        ("after=", "after"),
        ("type=", "type"),
        ("type=%00", "type"),
        ("type=" + "x" * 33, "type"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    rest: Rest, history: str, query: str, field: str
) -> None:
    assert_refused(rest.get(f"{history}?{query}"), 400, "invalid", field)


def test_all_that_is_wrong_is_named_at_once(rest: Rest, history: str) -> None:
    answer = rest.get(f"{history}?limit=0&before=x")
    assert_refused(answer, 400, "invalid", "limit", "before")
