import json
from pathlib import Path

import msgspec
import pytest
from syncplay_client.frames import Frame
from syncplay_client.room import Room, follow
from syncplay_client.timeline import Timeline

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "timeline.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["position_at"], ids=lambda vector: vector["name"])
def test_the_client_comes_to_the_position_of_the_server(vector):
    timeline = msgspec.convert(vector["timeline"], Timeline)

    assert timeline.position_at(vector["now"]) == vector["position"]


@pytest.mark.parametrize("vector", VECTORS["told"], ids=lambda vector: vector["name"])
def test_what_the_room_was_told_says_where_the_video_is(vector):
    room = Room(id="a room")
    for number, event in enumerate(vector["events"], start=1):
        said = {name: value for name, value in event.items() if name != "type"}
        room = follow(room, Frame(event["type"], said, seq=number))

    assert room.timeline.position_at(vector["now"]) == vector["position"]


def test_a_scheduled_play_does_not_move_yet():
    scheduled = Timeline(position=5, at=2_000, playing=True)

    assert not scheduled.is_moving_at(1_999)
    assert scheduled.is_moving_at(2_000)
