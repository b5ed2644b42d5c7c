"""The answers to one connection's commands: in the order in which it gave them."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import COMMANDS_IN_FLIGHT
from syncplay_backend.ws import answers as ws_answers
from syncplay_backend.ws.answers import Answers
from tests.peer import PATIENCE


class Paper:
    def __init__(self) -> None:
        self.frames: list[str] = []

    def put(self, frame: str) -> None:
        self.frames.append(frame)

    @property
    def said(self) -> list[tuple[str, Any]]:
        frames = [json.loads(frame) for frame in self.frames]
        return [
            (frame["type"], frame["data"].get("seq", frame["data"].get("code"))) for frame in frames
        ]


def outcome(seq: int) -> Any:
    return SimpleNamespace(seq=seq)


@pytest.fixture
async def paper() -> Paper:
    return Paper()


@pytest.fixture
async def answers(paper: Paper) -> Answers:
    soon = asyncio.get_running_loop().call_soon_threadsafe
    return Answers(paper, soon)  # type: ignore[arg-type]


def asked(answers: Answers, *refs: str | None) -> list[Future[Any]]:
    futures: list[Future[Any]] = [Future() for _ in refs]
    for future, ref in zip(futures, refs, strict=True):
        answers.await_one(future, ref)
    return futures


async def settled() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_who_gave_an_id_is_answered(answers: Answers, paper: Paper) -> None:
    [first] = asked(answers, "a")
    first.set_result(outcome(7))
    await settled()

    assert json.loads(paper.frames[0]) == {"type": "ack", "data": {"ref": "a", "seq": 7}}


async def test_who_gave_none_is_answered_only_where_it_is_refused(
    answers: Answers, paper: Paper
) -> None:
    done, refused = asked(answers, None, None)
    done.set_result(outcome(7))
    refused.set_exception(Refused(Code.NOT_ALLOWED, "no"))
    await settled()

    assert paper.said == [("error", "not_allowed")]
    assert "ref" not in json.loads(paper.frames[0])["data"]


async def test_answers_keep_the_order_of_the_commands(answers: Answers, paper: Paper) -> None:
    first, second, third = asked(answers, "a", "b", "c")
    third.set_result(outcome(3))
    second.set_exception(Refused(Code.CONFLICT, "no"))
    await settled()
    assert paper.said == []

    first.set_result(outcome(1))
    await settled()
    assert paper.said == [("ack", 1), ("error", "conflict"), ("ack", 3)]


async def test_what_went_wrong_is_told_as_the_servers_fault(answers: Answers, paper: Paper) -> None:
    [first] = asked(answers, "a")
    first.set_exception(RuntimeError("secret"))
    await settled()

    assert paper.said == [("error", "server_error")]
    assert "secret" not in paper.frames[0]


async def test_only_so_many_may_be_on_their_way(answers: Answers, paper: Paper) -> None:
    futures = asked(answers, *[None] * (COMMANDS_IN_FLIGHT - 1))
    answers.make_sure_of_room()
    futures += asked(answers, None)
    with pytest.raises(Refused) as caught:
        answers.make_sure_of_room()
    assert caught.value.code is Code.SLOW_DOWN

    futures[0].set_result(outcome(1))
    await settled()
    answers.make_sure_of_room()


async def test_an_answer_may_come_from_another_thread(answers: Answers, paper: Paper) -> None:
    [first] = asked(answers, "a")
    await asyncio.to_thread(first.set_result, outcome(5))
    await settled()

    assert paper.said == [("ack", 5)]


async def test_what_is_not_known_in_time_is_unavailable_and_nothing_is_said_later(
    answers: Answers, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ws_answers, "ANSWER_WITHIN", 0.01)
    hanging, behind = asked(answers, "a", "b")
    behind.set_result(outcome(7))
    async with asyncio.timeout(PATIENCE):
        while not paper.frames:  # noqa: ASYNC110 - a timer of the loop makes it so
            await asyncio.sleep(0.001)
    hanging.set_result(outcome(6))
    await settled()

    assert paper.said == [("error", "unavailable"), ("ack", 7)]
    answers.make_sure_of_room()


async def test_who_asks_again_and_again_is_told_of_each_in_its_time(
    answers: Answers, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ws_answers, "ANSWER_WITHIN", 0.01)
    asked(answers, "a")
    await asyncio.sleep(0.005)
    asked(answers, "b")
    async with asyncio.timeout(PATIENCE):
        while len(paper.frames) < 2:  # noqa: ASYNC110 - a timer of the loop makes it so
            await asyncio.sleep(0.001)

    assert paper.said == [("error", "unavailable")] * 2
