"""A room that stands still for whoever is short of video (policy `all`), with the real client."""

import json

import pytest

from syncplay_backend.domain.limits import LEAST_LEAD, MOST_LEAD, REBUFFER
from syncplay_backend.domain.policy import WaitFor
from tests.simulation.evening import cast
from tests.simulation.stage import DAWN, SECOND, Stage

STALLS_AT = 10 * SECOND
FRAME = 33.0  # ms


def stalled(duration: float) -> Stage:
    """Five people watch, and Viewer 2 runs out of video. Played to the end."""
    stage = Stage(45 * SECOND, WaitFor.ALL)
    for number, character in enumerate(cast(seed=1)[::4]):
        stage.add(character, number * 100)
    alice, bob = stage.members["Alice"], list(stage.members.values())[2]
    stage.at(3 * SECOND, lambda: alice.command("play", position=100))
    stage.at(STALLS_AT, lambda: stage.stall(bob, duration))
    stage.run()
    return stage


def told(stage: Stage, kind: str) -> list[dict]:
    frames = [json.loads(text) for text in stage.server.log]
    return [frame for frame in frames if frame["type"] == kind]


def stuck(stage: Stage) -> str:
    return list(stage.members)[2]


def worst(stage: Stage, since: float, until: float = 45 * SECOND, but: str = "") -> float:
    """The largest error of anybody, between two instants of the server's clock."""
    measured = [m for name, of_one in stage.measured.items() if name != but for m in of_one]
    return max(abs(m.error) for m in measured if since < DAWN + m.at < until + DAWN)


@pytest.fixture(scope="module")
def short() -> Stage:
    return stalled(4 * SECOND)


@pytest.fixture(scope="module")
def long() -> Stage:
    return stalled(25 * SECOND)


def test_everybody_is_told_for_whom_and_until_when(short):
    [wait] = told(short, "waiting")
    members = short.server.room.members.values()
    bobs_id = next(member.id for member in members if member.name == stuck(short))

    assert wait["userId"] is None
    assert wait["data"]["for"] == [str(bobs_id)]
    assert wait["data"]["since"] == pytest.approx(DAWN + STALLS_AT, abs=SECOND)
    assert wait["data"]["until"] - wait["data"]["since"] == REBUFFER


def test_nobody_is_taken_back_to_where_the_player_is_stuck(short):
    [wait], play = told(short, "waiting"), told(short, "play")[0]["data"]
    passed = (wait["data"]["at"] - play["at"]) / 1000

    assert wait["data"]["position"] == pytest.approx(100 + passed, abs=0.002)
    settled = wait["data"]["at"] + 2 * SECOND
    assert worst(short, settled, 13.9 * SECOND, but=stuck(short)) <= FRAME


def test_they_go_on_together_when_it_has_video_again(short):
    [wait], again = told(short, "waiting"), told(short, "play")[1]
    lead = again["data"]["at"] - DAWN - (STALLS_AT + 4 * SECOND)

    assert again["userId"] is None
    assert again["data"]["position"] == wait["data"]["position"]
    assert LEAST_LEAD <= lead <= MOST_LEAD + SECOND
    assert worst(short, again["data"]["at"] + 2 * SECOND) <= FRAME


def test_a_wait_has_an_end_and_they_go_on_without(long):
    [wait], again = told(long, "waiting"), told(long, "play")[1]
    lead = again["data"]["at"] - wait["data"]["until"]

    assert LEAST_LEAD <= lead <= MOST_LEAD
    assert worst(long, again["data"]["at"] + 2 * SECOND, but=stuck(long)) <= FRAME


def test_who_was_gone_on_without_catches_up_alone(long):
    assert len(told(long, "play")) == 2
    assert worst(long, DAWN + STALLS_AT + 27.5 * SECOND) <= FRAME
