"""The process's loops: from the server's start to its end, or from the first request on."""

import gc
from collections.abc import MutableMapping
from typing import Any

import pytest

from syncplay_backend.ops.lifespan import COLLECT_AFTER, Awake, lifespan
from syncplay_backend.services import upkeep

Message = MutableMapping[str, Any]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order, instead of starting and stopping this process's loops."""
    story: list[str] = []

    async def stop() -> None:
        story.append("stopped")

    monkeypatch.setattr(upkeep, "current", lambda: story.append("running"))
    monkeypatch.setattr(upkeep, "stop", stop)
    return story


async def live(done: list[str]) -> list[Message]:
    """The answers to a server that starts, and stops."""
    told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answers: list[Message] = []

    async def receive() -> Message:
        return next(told)

    async def send(message: Message) -> None:
        done.append(message["type"])
        answers.append(message)

    await lifespan({"type": "lifespan"}, receive, send)
    return answers


async def test_the_loops_run_from_start_to_end(done: list[str]) -> None:
    await live(done)
    assert done == [
        "running",
        "lifespan.startup.complete",
        "stopped",
        "lifespan.shutdown.complete",
    ]


async def test_a_start_that_fails_is_told_and_is_the_end(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("no loop to be had")

    monkeypatch.setattr(upkeep, "current", fail)
    answers = await live(done)
    assert [answer["type"] for answer in answers] == ["lifespan.startup.failed"]
    assert "no loop to be had" in answers[0]["message"]


async def test_an_end_that_fails_is_told(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail() -> None:
        raise RuntimeError("still writing")

    monkeypatch.setattr(upkeep, "stop", fail)
    answers = await live(done)
    assert answers[-1]["type"] == "lifespan.shutdown.failed"
    assert "still writing" in answers[-1]["message"]


async def test_the_first_request_wakes_what_nobody_started(done: list[str]) -> None:
    async def app(scope: Message, receive: Any, send: Any) -> None:
        done.append(f"served {scope['path']}")

    await Awake(app)({"type": "http", "path": "/"}, None, None)  # type: ignore[arg-type]
    assert done == ["running", "served /"]


async def test_a_server_looks_for_cycles_less_often_than_a_script(done: list[str]) -> None:
    before = gc.get_threshold()
    try:
        await live(done)
        assert gc.get_threshold() == COLLECT_AFTER
        assert gc.get_freeze_count() > 0
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
