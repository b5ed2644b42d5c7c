"""What a connection that has joined may say: for its member, and for nobody else."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any
from uuid import uuid4

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import ChatText, Emoji, Key
from syncplay_backend.services import players, visits
from syncplay_backend.ws.seat import Seat
from tests.live.lines import connected

KEY = Key(uuid4())
TALK = [c.Say(ChatText("Hi")), c.React(Emoji("!"))]
COMMANDS = [c.Play(), c.Pause(), c.Seek(1.0), c.SetRate(2.0), c.ChangeSettings(), c.Leave(), *TALK]


class Called(list[tuple[str, Any]]):
    def note(self, name: str) -> Any:
        def call(visit: object, what: object = None, **terms: object) -> Future[Any]:
            self.append((name, what if not terms else (what, terms)))
            return Future()

        return call


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Called:
    called = Called()
    for owner, name in (
        (visits, "command"),
        (visits, "show_again"),
        (players, "report"),
        (players, "tell_typing"),
    ):
        monkeypatch.setattr(owner, name, called.note(name))
    return called


@pytest.fixture
async def seat() -> Seat:
    return Seat(connected()[0], KEY)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
async def test_a_command_goes_on_with_its_terms(
    seat: Seat, called: Called, command: wire.Commands
) -> None:
    seat.obey(wire.Said(command, KEY, "cmd", 7))

    assert called == [("command", (command, {"id": "cmd", "expects": 7}))]


async def test_the_rest_is_no_command(seat: Seat, called: Called) -> None:
    status = wire.StatusFrame("ready")
    for what in (status, wire.TypingFrame(True), wire.JoinFrame()):
        seat.obey(wire.Said(what))

    assert called == [("report", status), ("tell_typing", True), ("show_again", None)]


async def test_it_stands_for_its_member_and_for_nobody_else(seat: Seat) -> None:
    seat.make_sure_of(None)
    seat.make_sure_of(KEY)
    with pytest.raises(Refused) as caught:
        seat.make_sure_of(Key(uuid4()))

    assert caught.value.code is Code.NOT_ALLOWED


@pytest.mark.parametrize("talk", TALK)
async def test_talk_has_a_limit_of_its_own(
    seat: Seat, called: Called, monkeypatch: pytest.MonkeyPatch, talk: wire.Commands
) -> None:
    monkeypatch.setattr(seat, "_chat", Full())
    with pytest.raises(Refused):
        seat.obey(wire.Said(talk))
    seat.obey(wire.Said(c.Seek(1.0)))

    assert [what for _, what in called] == [(c.Seek(1.0), {"id": None, "expects": None})]


class Full:
    def take(self) -> None:
        raise Refused(Code.SLOW_DOWN, "Wait.")


async def test_commands_that_wait_for_their_answers_are_counted(seat: Seat, called: Called) -> None:
    for _ in range(16):
        seat.obey(wire.Said(c.Seek(1.0)))
    with pytest.raises(Refused) as caught:
        seat.obey(wire.Said(c.Seek(1.0)))

    assert caught.value.code is Code.SLOW_DOWN
    assert len(called) == 16
