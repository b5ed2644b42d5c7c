import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from syncplay_client.drift import NOTHING, Action, Controller, Reading, Seek, SetRate, State
from syncplay_client.profiles import COARSE, PRECISE, SEEK_ONLY

STORIES = json.loads((Path(__file__).parents[1] / "vectors" / "drift.json").read_text())["stories"]
PROFILES = {"precise": PRECISE, "coarse": COARSE, "seek_only": SEEK_ONLY}


def reading_of(step):
    seen = {"target": 100.0, "ahead": 30.0, "room_rate": 1.0} | step
    seen["position"] = seen["target"] + seen.pop("error") / 1000 * seen["room_rate"]
    seen.pop("do", None)
    return msgspec.convert(seen, Reading)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_every_client_corrects_alike(story):
    controller = Controller(PROFILES[story.get("profile", "precise")])
    for step in story["steps"]:
        if "told" in step:
            controller.told(step["told"], step["now"])
            continue
        expected = msgspec.convert(step["do"], Action) if "do" in step else NOTHING

        assert controller.correct(reading_of(step)) == expected, step


readings = st.builds(
    dict,
    error=st.floats(-5_000, 5_000),
    playing=st.booleans(),
    room_rate=st.sampled_from([0.25, 1.0, 2.0, 4.0]),
    state=st.sampled_from([state.value for state in State]),
    ahead=st.floats(0, 60),
)


@given(st.lists(readings, max_size=60), st.floats(10, 1_000))
def test_nobody_ever_hears_a_correction(steps, pause):
    controller = Controller()
    for number, step in enumerate(steps):
        action = controller.correct(reading_of(step | {"now": number * pause}))
        if isinstance(action, SetRate):
            assert abs(action.rate / step["room_rate"] - 1) <= 0.05 + 1e-4


@given(st.lists(st.floats(-5_000, 5_000), min_size=1, max_size=300))
def test_jumps_never_go_on_and_on(errors):
    """Whatever a player does, it is jumped at most twice a second, and soon hardly ever."""
    controller = Controller()
    jumps = [
        isinstance(controller.correct(reading_of({"now": number * 100, "error": error})), Seek)
        for number, error in enumerate(errors)
    ]

    assert sum(jumps) <= 4 + len(errors) / 10


@given(st.floats(-900, 900))
def test_an_error_is_played_away(error):
    """A perfect player under the controller comes to where the room is, and stays there."""
    controller, rate, off = Controller(), 1.0, error
    for look in range(300):
        action = controller.correct(reading_of({"now": look * 100, "rate": rate, "error": off}))
        assert not isinstance(action, Seek)
        rate = action.rate if isinstance(action, SetRate) else rate
        off += (rate - 1) * 100

    assert abs(off) <= PRECISE.correct_beyond
    assert rate == 1
