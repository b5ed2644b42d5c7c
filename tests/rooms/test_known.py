"""Rooms that are known: as they were at their stamp, or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Refused
from syncplay_backend.domain.fields import ChatText
from syncplay_backend.domain.people import State
from syncplay_backend.domain.policy import Control
from syncplay_backend.rooms import known as module
from syncplay_backend.rooms.known import KnownRooms, new_stamp
from syncplay_backend.services import road
from tests.domain.cast import movie_night
from tests.services.stage import FILM, Person, Stage, entering, open_room


def test_a_room_is_known_at_its_stamp_only() -> None:
    known, room = KnownRooms(), movie_night()
    known.keep(room, 7)
    assert known.get(room.id, 7) is room
    assert known.get(room.id, 8) is None
    assert known.get(uuid4(), 7) is None
    known.forget(room.id)
    known.forget(room.id)
    assert known.get(room.id, 7) is None


def test_whether_a_room_is_big_is_remembered_when_it_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known, room = KnownRooms(), movie_night()
    assert not known.is_big(room.id), "who has never seen it cannot know"
    known.keep(room, 7)
    assert not known.is_big(room.id)
    monkeypatch.setattr(module, "BIG", len(room.members) - 1)
    assert known.is_big(room.id)


def test_those_used_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = [replace(movie_night(), id=uuid4()) for _ in range(4)]
    monkeypatch.setattr(module, "MOST_PEOPLE", 3 * (1 + len(rooms[0].members)))
    known = KnownRooms()
    for room in rooms[:3]:
        known.keep(room, 1)
    assert known.get(rooms[0].id, 1) is rooms[0]
    known.keep(rooms[3], 1)
    there = [room for room in rooms if known.get(room.id, 1)]
    assert there == [rooms[0], rooms[2], rooms[3]]


def test_keeping_a_room_again_takes_no_more_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PEOPLE", 10)
    known, first, other = KnownRooms(), movie_night(), replace(movie_night(), id=uuid4())
    known.keep(other, 1)
    for stamp in range(100):
        known.keep(first, stamp)
    assert known.get(other.id, 1) is other


def test_no_two_stamps_are_the_same_and_none_is_that_of_an_unknown_room() -> None:
    stamps = {new_stamp() for _ in range(1_000)}
    assert len(stamps) == 1_000
    assert all(0 < stamp < 2**63 for stamp in stamps)


PLACES = st.integers(0, 3)
WISHES = st.lists(
    st.one_of(
        st.builds(c.Seek, st.floats(0, 1_000)),
        st.builds(c.Play, st.none() | st.floats(0, 1_000)),
        st.builds(c.Pause, st.none()),
        st.builds(c.SetRate, st.sampled_from([0.5, 1.0, 2.0])),
        st.just(c.ChangeVideo(FILM)),
        st.just(c.Say(ChatText("Hello"))),
        st.builds(c.ChangeSettings, control=st.sampled_from(Control)),
        st.builds(c.Report, PLACES, st.sampled_from([State.READY, State.BUFFERING])),
        st.builds(c.NoteRoundTrip, PLACES, st.none() | st.integers(0, 500)),
        st.builds(c.Disconnect, PLACES),
        st.just(c.Leave()),
        st.just("a tab is opened"),
        st.just("somebody joins"),
    ),
    max_size=14,
)


@given(wishes=WISHES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_known_equals_what_is_read_afresh(wishes: list[Any]) -> None:
    stage = open_room()
    bob = stage.join("Bob")
    tabs = [uuid4()]
    for number, wish in enumerate(wishes):
        with suppress(Refused):
            follow(stage, bob, tabs, number, wish)
        kept = road._known.get(stage.room_id, stage.row.stamp)
        assert kept is None or kept == stage.state
    assert road._known.get(stage.room_id, stage.row.stamp) is not None


def follow(stage: Stage, bob: Person, tabs: list[UUID], number: int, wish: Any) -> None:
    if wish == "a tab is opened":
        opening = entering(bob.key, precise=True)
        stage.give(opening)
        tabs.append(opening.connection_id)
    elif wish == "somebody joins":
        stage.join(f"Charlie {number}")
    elif isinstance(wish, c.Report | c.NoteRoundTrip | c.Disconnect):
        tab = tabs[int(str(wish.connection_id)) % len(tabs)]
        stage.give(replace(wish, connection_id=tab), bob.at(tab))
    else:
        stage.give(wish, bob.actor if isinstance(wish, c.Leave | c.Say) else stage.alice.actor)
