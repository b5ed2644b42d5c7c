"""Comings and goings that are gathered, and what is told of them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from syncplay_backend.domain.limits import CROWD
from syncplay_backend.live import presence as module
from syncplay_backend.live.frames import text_of
from syncplay_backend.live.presence import Gathering, Run
from tests.live.by_hand import Time
from tests.live.crowd import Crowd, a_member, from_the_log
from tests.live.paper import news


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(module, "asyncio", SimpleNamespace(get_running_loop=lambda: time))
    return time


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


def said(frames: list[bytes]) -> list[dict[str, Any]]:
    return [json.loads(text_of(frame)) for frame in frames]


def four_things(crowd: Crowd) -> Run:
    dora, erin = a_member("Dora"), a_member("Erin")
    guest = crowd.guest(0)
    happened = crowd.comes(dora), crowd.leaves(guest), crowd.comes(erin), crowd.drops(dora)
    return Run(happened)


class TestWhatIsGathered:
    def test_comings_and_goings_in_a_room_of_more_than_a_hundred(self, crowd: Crowd) -> None:
        assert Gathering().takes(crowd.comes(a_member("Dora")))
        assert Gathering().takes(crowd.drops(crowd.guest(0)))
        assert Gathering().takes(crowd.leaves(crowd.guest(0)))

    def test_counted_are_the_members_afterwards(self, crowd: Crowd) -> None:
        assert len(crowd.room.members) == CROWD + 1
        assert not Gathering().takes(crowd.leaves(crowd.guest(0)))
        assert Gathering().takes(crowd.comes(a_member("Dora")))

    def test_nothing_else(self, crowd: Crowd) -> None:
        gathering = Gathering()
        gathering.takes(crowd.comes(a_member("Dora")))
        assert not gathering.takes(crowd.says())
        assert not gathering.takes(crowd.seeks())

    def test_what_comes_from_the_log_finds_the_room_as_big_as_it_was_last(self) -> None:
        crowd, gathering = Crowd(), Gathering()
        dora = from_the_log(crowd.comes(a_member("Dora")))
        assert not gathering.takes(dora), "nothing is known yet"
        assert gathering.takes(crowd.comes(a_member("Erin")))
        assert gathering.takes(dora)


class TestWhenItIsTold:
    def test_after_a_quiet_second_at_once_with_all_that_happens_at_this_moment(
        self, crowd: Crowd, time: Time
    ) -> None:
        gathering, runs = Gathering(), []
        for name in ("Dora", "Erin"):
            gathering.add(crowd.comes(a_member(name)), lambda: runs.append(gathering.take()))
        time.go_on()
        assert [len(run.news) for run in runs if run] == [2]

    def test_else_when_the_second_is_over(self, crowd: Crowd, time: Time) -> None:
        gathering, runs = Gathering(), []
        for name in ("Dora", "Erin", "Frank"):
            gathering.add(crowd.comes(a_member(name)), lambda: runs.append(gathering.take()))
            time.go_on(333)
        assert [len(run.news) for run in runs if run] == [1]
        time.go_on(1)
        assert [len(run.news) for run in runs if run] == [1, 2]

    def test_what_was_taken_is_not_told_again(self, crowd: Crowd, time: Time) -> None:
        gathering, calls = Gathering(), []
        gathering.add(crowd.comes(a_member("Dora")), lambda: calls.append(gathering.take()))
        assert gathering.take() is not None
        assert gathering.take() is None
        time.go_on(5_000)
        assert calls == []

    def test_who_stopped_is_not_woken(self, crowd: Crowd, time: Time) -> None:
        gathering, calls = Gathering(), []
        gathering.add(crowd.comes(a_member("Dora")), lambda: calls.append(gathering.take()))
        gathering.stop()
        time.go_on(5_000)
        assert calls == []
        assert gathering.first_seq is None


class TestWhatIsTold:
    def test_one_frame_by_protocol_2(self, crowd: Crowd) -> None:
        [frame] = said(four_things(crowd).after(0).precise)
        assert (frame["type"], frame["fromSeq"], frame["seq"]) == ("presence", 1, 4)

    def test_one_of_each_type_by_the_contract(self, crowd: Crowd) -> None:
        frames = said(four_things(crowd).after(0).contract)
        assert [(f["type"], f["seq"]) for f in frames] == [("user_left", 2), ("user_joined", 4)]

    def test_who_knows_a_part_is_told_the_rest(self, crowd: Crowd) -> None:
        [frame] = said(four_things(crowd).after(2).precise)
        assert (frame["fromSeq"], frame["seq"]) == (3, 4)
        assert frame["data"]["left"] == []

    def test_a_single_event_goes_as_it_is(self, crowd: Crowd) -> None:
        run = four_things(crowd)
        telling = run.after(3)
        assert telling.precise == telling.contract == [crowd.log[3].frame]

    def test_a_frame_is_made_once_for_all_who_know_the_same(self, crowd: Crowd) -> None:
        run = four_things(crowd)
        assert run.after(1).precise[0] is run.after(1).precise[0]
        assert run.after(0).precise[0] is run.after(-5).precise[0], "who is further behind"

    def test_who_left_is_known_of_those_events_only(self, crowd: Crowd) -> None:
        run = four_things(crowd)
        assert run.after(0).left == {crowd.log[1].subject}
        assert run.after(2).left == set()


def test_a_run_is_as_far_as_its_last_event() -> None:
    assert Run([news(6), news(7)]).seq == 7
