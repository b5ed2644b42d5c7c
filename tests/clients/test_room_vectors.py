"""What each event makes of a room: the server's own rules, and the client that follows them."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from syncplay_client.frames import Frame
from syncplay_client.room import follow, from_snapshot

ROOT = Path(__file__).parents[2]
STORIES = json.loads((ROOT / "tests" / "vectors" / "room.json").read_text())["stories"]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["name"])
def test_who_follows_the_events_has_the_room(story):
    room = from_snapshot(story["room"])
    for frame in story["frames"]:
        room = follow(room, msgspec.convert(frame, Frame))

    assert msgspec.structs.replace(room, chat=(), is_closed=False) == from_snapshot(story["then"])


def test_the_vectors_are_what_the_server_says():
    check = [sys.executable, "scripts/vectors.py", "--check"]

    assert subprocess.run(check, cwd=ROOT, capture_output=True).returncode == 0
