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
from syncplay_backend.ws.answers import Answers


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
