"""Rooms in the real database, and the people in them, made over the road as the doors do it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import close_old_connections

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Key, Name, VideoUrl
from syncplay_backend.domain.people import SERVER, Actor, Member
from syncplay_backend.domain.state import Room as RoomState
from syncplay_backend.rooms import queries
from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Message, Room, User
from syncplay_backend.services.execute import answer, submit, submit_chore
from syncplay_backend.services.road import Outcome

FILM = VideoUrl("https://example.com/film.mp4")
PATIENCE = 10.0
HERE = "this process"


@dataclass(frozen=True)
class Person:
    """A member of a room, with the key that only a test may know."""

    id: UUID
    key: Key

    @property
    def actor(self) -> Actor:
        return Actor(member_id=self.id)

    def at(self, tab: UUID) -> Actor:
        return Actor(member_id=self.id, connection_id=tab)


@dataclass
class Stage:
    """A room of a test's own. Alice is its host."""

    room_id: UUID
    alice: Person

    def change_elsewhere(self, **columns: object) -> None:
        """As another process does: what is in the memory of this one is not true any more."""
        Room.objects.filter(id=self.room_id).update(stamp=new_stamp(), **columns)

    def give(self, command: c.Command, actor: Actor = SERVER) -> Outcome:
        outcome: Outcome = answer(submit(self.room_id, command, actor))
        return outcome

    def refusal(self, command: c.Command, actor: Actor = SERVER) -> Code:
        try:
            self.give(command, actor)
        except Refused as refused:
            return refused.code
        raise AssertionError(f"{command} was obeyed")

    def join(self, name: str, **more: Any) -> Person:
        """Take a place over REST."""
        place = joining(name, **more)
        self.give(place)
        return Person(place.member_id, place.key)

    def enter(self, who: Person, channel: str = HERE) -> UUID:
        """Open a connection of a member; answers with its id."""
        command = entering(who.key, channel=channel)
        self.give(command)
        return command.connection_id

    def play(self, position: float | None = None) -> Outcome:
        return self.give(c.Play(None if position is None else float(position)), self.alice.actor)

    def seek(self, position: float) -> Outcome:
        return self.give(c.Seek(float(position)), self.alice.actor)

    @property
    def state(self) -> RoomState:
        found = queries.room(self.room_id)
        assert found, "the room is gone"
        return found

    def member(self, who: Person) -> Member:
        return self.state.members[who.id]

    @property
    def row(self) -> Room:
        return Room.objects.get(id=self.room_id)

    @property
    def rows(self) -> list[Message]:
        return list(Message.objects.filter(room_id=self.room_id).order_by("seq"))

    @property
    def log(self) -> list[str]:
        return [row.message_type for row in self.rows]

    def user(self, who: Person) -> User:
        return User.objects.get(id=who.id)

    def age(self, milliseconds: int) -> None:
        """Let everything in the room have happened so much earlier."""
        room = self.row
        room.active_at -= milliseconds
        room.created_at -= timedelta(milliseconds=milliseconds)
        room.stamp = new_stamp()
        room.save()


def joining(name: str, **more: Any) -> c.Join:
    given = {"address": "home", "key": Key(uuid4()), "member_id": uuid4()} | more
    return c.Join(name=Name(name), **given)


def entering(key: Key, name: str | None = None, channel: str = HERE, **more: Any) -> c.Enter:
    given = {"address": "home", "connection_id": uuid4(), "member_id": uuid4()} | more
    named = None if name is None else Name(name)
    return c.Enter(key=key, name=named, channel=channel, **given)


def founding(**options: Any) -> c.Create:
    named = {"name": Name("Movie Night"), "room_id": uuid4(), "epoch": uuid4()}
    return c.Create(host=joining("Alice"), **(named | options))


def open_room(**options: Any) -> Stage:
    command = founding(**options)
    answer(submit(command.room_id, command))
    return Stage(command.room_id, Person(command.host.member_id, command.host.key))


def who_joined(outcome: Outcome) -> UUID:
    return next(event.member.id for event in outcome.events if isinstance(event, e.MemberJoined))


def until(condition: Callable[[], Any], within: float = PATIENCE) -> Any:
    """Wait, in a thread, until something is so; answers with what it is."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not so after {within} s"
        time.sleep(0.005)
    return found


async def soon(condition: Callable[[], Any], within: float = PATIENCE) -> Any:
    """Wait, in an event loop, until something is so; answers with what it is."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not so after {within} s"
        await asyncio.sleep(0.005)
    return found


@contextmanager
def writer_held() -> Iterator[None]:
    """What is submitted within gathers, and is one batch when the writer goes on."""
    holding, going_on = threading.Event(), threading.Event()

    def hold() -> None:
        holding.set()
        going_on.wait(PATIENCE)

    held = submit_chore(hold)
    assert holding.wait(PATIENCE)
    try:
        yield
    finally:
        going_on.set()
        answer(held)


def at_once(*doing: Callable[[], Any]) -> list[Any]:
    """Do things at the same time, each in a thread; answers with what came of each, or why not."""
    start = threading.Barrier(len(doing))
    with ThreadPoolExecutor(len(doing)) as pool:
        futures = [pool.submit(_when_all_are_there, start, do) for do in doing]
    return [future.result() for future in futures]


def _when_all_are_there(start: threading.Barrier, do: Callable[[], Any]) -> Any:
    start.wait(PATIENCE)
    try:
        return do()
    except Refused as refused:
        return refused.code
    finally:
        close_old_connections()
