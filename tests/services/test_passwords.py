"""Room passwords: hashed and checked in threads of their own, and not as often as one likes."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import GUESS_PASSWORD
from syncplay_backend.live.limiter import limiter
from syncplay_backend.services import passwords
from syncplay_backend.services.execute import answer
from tests.services.stage import joining, open_room, until

HOME = "192.0.2.1"


@pytest.fixture
def hashers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads in which a hash was computed; quickly, here."""
    threads: list[str] = []

    def make(password: str) -> str:
        threads.append(threading.current_thread().name)
        return f"hash of {password}"

    def check(password: str, stored: str) -> bool:
        return make(password) == stored

    monkeypatch.setattr(passwords, "make_password", make)
    monkeypatch.setattr(passwords, "check_password", check)
    return threads


def code_of(future: Any) -> Code:
    with pytest.raises(Refused) as caught:
        answer(future)
    return caught.value.code


def test_what_is_kept_is_a_hash_that_the_password_is_verified_against() -> None:
    stored = answer(passwords.hashed("popcorn"))
    assert "popcorn" not in stored
    stage = open_room(password_hash=stored)
    assert answer(passwords.verified(stage.room_id, "popcorn", HOME)) == stored
    assert code_of(passwords.verified(stage.room_id, "crisps", HOME)) is Code.WRONG_PASSWORD


def test_hashes_are_computed_neither_in_the_writers_thread_nor_in_the_callers(
    hashers: list[str],
) -> None:
    stage = open_room(password_hash=answer(passwords.hashed("popcorn")))
    stored = answer(passwords.verified(stage.room_id, "popcorn", HOME))
    stage.join("Bob", verified_hash=stored)
    assert len(hashers) == 2
    assert all(name.startswith("hasher") for name in hashers)


def test_a_room_without_a_password_asks_for_none(hashers: list[str]) -> None:
    assert answer(passwords.verified(open_room().room_id, "anything", HOME)) == ""
    assert hashers == []


def test_a_room_that_is_not_there_is_told(hashers: list[str]) -> None:
    assert code_of(passwords.verified(uuid4(), "popcorn", HOME)) is Code.ROOM_NOT_FOUND


def test_a_password_that_was_changed_in_between_is_refused(hashers: list[str]) -> None:
    stage = open_room(password_hash=answer(passwords.hashed("popcorn")))
    stored = answer(passwords.verified(stage.room_id, "popcorn", HOME))
    stage.change_elsewhere(password_hash=answer(passwords.hashed("crisps")))
    assert stage.refusal(joining("Bob", verified_hash=stored)) is Code.WRONG_PASSWORD


def test_guessing_is_limited_before_anything_is_hashed(
    hashers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    stage, guesser = open_room(password_hash="hash of popcorn"), str(uuid4())
    for _ in range(GUESS_PASSWORD.burst):
        code_of(passwords.verified(stage.room_id, "a guess", guesser))
    with pytest.raises(Refused) as caught:
        passwords.verified(stage.room_id, "popcorn", guesser)
    assert caught.value.code is Code.SLOW_DOWN
    assert len(hashers) == GUESS_PASSWORD.burst


def test_a_crowd_is_turned_away_rather_than_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    going_on = threading.Event()
    monkeypatch.setattr(passwords, "make_password", lambda _: going_on.wait(10) and "hash")
    waiting = [passwords.hashed("popcorn") for _ in range(40)]
    with pytest.raises(Refused) as caught:
        passwords.hashed("popcorn")
    assert caught.value.code is Code.UNAVAILABLE
    going_on.set()
    assert {answer(future) for future in waiting} == {"hash"}
    assert until(lambda: answer(passwords.hashed("popcorn"))) == "hash"
