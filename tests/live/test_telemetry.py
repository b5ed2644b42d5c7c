"""How the players are: the newest of each, as long as it is worth anything."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from syncplay_backend.live.telemetry import FORGET, LATELY, ROUTINE, Reading, Telemetry, percentile
from tests.live.paper import ALICE, BOB, ROOM

NOW = 1_700_000_000_000
ELSEWHERE = uuid4()
TAB, PHONE = uuid4(), uuid4()


def reading(who: UUID = ALICE, tab: UUID = TAB, at: int = NOW, **more: Any) -> Reading:
    return Reading(who, tab, at, **({"state": "ready"} | more))


def test_of_each_connection_the_newest_reading_is_known() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(offset=9.0), reading(BOB, PHONE, offset=-4.0))
    telemetry.note(ROOM, reading(at=NOW + 1, offset=3.0))

    offsets = {known.member_id: known.offset for known in telemetry.of_room(ROOM, NOW + 1)}
    assert offsets == {ALICE: 3.0, BOB: -4.0}


def test_of_several_connections_of_a_member_the_last_one_heard_counts() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(tab=PHONE, at=NOW + 5, offset=1.0), reading(offset=9.0))

    assert [known.offset for known in telemetry.of_room(ROOM, NOW + 5)] == [1.0]


def test_who_has_been_silent_for_a_minute_has_nothing_to_say() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading())

    assert telemetry.of_room(ROOM, NOW + FORGET)
    assert telemetry.of_room(ROOM, NOW + FORGET + 1) == []


def test_rooms_do_not_hear_of_each_other() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading())

    assert telemetry.of_room(ELSEWHERE, NOW) == []


def test_what_has_changed_is_told_once_and_only_its_last_state() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(state="buffering"))
    telemetry.note(ROOM, reading(at=NOW + 1, state="ready"))
    telemetry.note(ELSEWHERE, reading(BOB, PHONE))

    changed = telemetry.take_changed()
    assert [known.state for known in changed[ROOM]] == ["ready"]
    assert set(changed) == {ROOM, ELSEWHERE}
    assert telemetry.take_changed() == {}
    assert telemetry.of_room(ROOM, NOW), "told is not forgotten"


@pytest.mark.parametrize(
    "then",
    [{"state": "buffering"}, {"rate": 1.05}, {"offset": 40.0}, {"offset": -40.0}, {"offset": None}],
)
def test_a_change_that_others_would_notice_is_told_the_next_time(then: dict[str, Any]) -> None:
    telemetry = Telemetry()
    said = {"state": "ready", "rate": 1.0, "offset": 0.0}
    telemetry.note(ROOM, reading(**said))
    telemetry.take_changed()
    telemetry.note(ROOM, reading(at=NOW + 1, **(said | then)))

    assert telemetry.take_changed()


def test_that_all_is_well_is_told_a_little_later_and_once() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(offset=3.0))
    telemetry.take_changed()
    left_out = 0
    telemetry.note(ROOM, reading(at=NOW + 1, offset=42.0, position=5.0))
    while not (changed := telemetry.take_changed()):
        telemetry.note(ROOM, reading(at=NOW + 2, offset=41.0, position=6.0))
        left_out += 1

    assert left_out == ROUTINE, "what comes in between does not put it off"
    assert [known.position for known in changed[ROOM]] == [6.0]
    assert telemetry.take_changed() == {}


def test_what_has_waited_elsewhere_does_not_wait_again() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(offset=3.0), patience=0)
    telemetry.take_changed()
    telemetry.note(ROOM, reading(at=NOW + 1, offset=3.0), patience=0)

    assert telemetry.take_changed()


def test_that_all_is_well_is_told_with_what_is_news() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(), reading(BOB, PHONE))
    telemetry.take_changed()
    telemetry.note(ROOM, reading(at=NOW + 1))
    telemetry.note(ROOM, reading(BOB, PHONE, NOW + 1, state="hidden"))
    telemetry.note(ROOM, reading(at=NOW + 2))

    assert len(telemetry.take_changed()[ROOM]) == 2


def test_a_connection_that_is_gone_is_forgotten() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(), reading(BOB, PHONE))
    telemetry.forget(ROOM, TAB)
    telemetry.forget(ROOM, uuid4())
    telemetry.forget(ELSEWHERE, TAB)

    assert [known.member_id for known in telemetry.of_room(ROOM, NOW)] == [BOB]


def test_rooms_that_nobody_here_is_in_are_forgotten() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading())
    telemetry.note(ELSEWHERE, reading(BOB, PHONE))
    telemetry.keep_only([ELSEWHERE])

    assert telemetry.of_room(ROOM, NOW) == []
    assert telemetry.of_room(ELSEWHERE, NOW)


def test_of_each_member_the_distances_of_late_are_known_whichever_way() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(offset=-9.0), reading(), reading(tab=PHONE, offset=4.0))

    assert telemetry.distances(ALICE) == [9.0, 4.0]
    assert telemetry.distances(BOB) == []


def test_of_late_means_the_last_sixty() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, *[reading(offset=float(n)) for n in range(LATELY + 5)])

    assert telemetry.distances(ALICE) == [float(n) for n in range(5, LATELY + 5)]


def test_distances_go_with_the_room() -> None:
    telemetry = Telemetry()
    telemetry.note(ROOM, reading(offset=1.0))
    telemetry.keep_only([])

    assert telemetry.distances(ALICE) == []


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.5, 7),
        ([7], 0.95, 7),
        ([1, 9], 0.5, 1),
        ([3, 1, 2], 0.5, 2),
        ([4, 1, 3, 2], 0.5, 2),
        ([1, 9], 0.95, 9),
        (range(1, 21), 0.95, 19),
        (range(1, 101), 0.95, 95),
        ([5, 6], 0.0, 5),
        ([5, 6], 1.0, 6),
    ],
)
def test_a_percentile_is_the_nearest_rank(
    values: list[float], share: float, expected: float | None
) -> None:
    assert percentile(values, share) == expected
