"""The client understands every frame that docs/protocol.md shows, and knows every type."""

import json
import re

import pytest
from syncplay_client import room as rooms
from syncplay_client.frames import decode
from syncplay_client.room import Room, follow, from_snapshot

from tests.docs.pages import named, page

PROTOCOL = page("docs/protocol.md")
SHOWN = re.findall(r'^\{"type": .*\}$', PROTOCOL.text, re.MULTILINE)
EVENTS = [text for text in SHOWN if '"seq"' in text and '"roomId"' in text]
SENT = {kind for row in PROTOCOL.table("What the server sends") for kind in named(row[0])}
OF_THE_SESSION = {"room_update", "resumed", "ack", "error", "time"}
# Passed on to whoever reads the events; nothing of the room changes.
PASSED_ON = {"reaction", "typing", "heartbeat"}


def kind(text):
    return json.loads(text)["type"]


def test_every_type_has_its_place():
    assert set(rooms._CHANGES) | OF_THE_SESSION | PASSED_ON >= SENT


@pytest.mark.parametrize("text", EVENTS, ids=kind)
def test_an_event_is_understood(text):
    frame = decode(text)
    before = Room(id="a room", seq=frame.first_seq - 1, host_id="nobody any more")

    assert follow(before, frame).seq == frame.seq


def test_all_of_them_change_what_is_known():
    silent = {"reaction", "user_offline", "user_left"}  # of somebody whom the room does not have
    for text in EVENTS:
        frame = decode(text)
        before = Room(id="a room", seq=frame.seq)
        after = rooms._change(before, frame)
        assert (after == before) == (frame.type in silent), frame.type


def test_the_room_is_understood():
    [answer] = [json.loads(text) for text in blocks() if '"websocket_url"' in text]
    room = from_snapshot(answer["room"])

    assert room.host_id == answer["user"]["public_id"]
    assert room.timeline.at == answer["room"]["position_at"]
    assert room.settings == {"control": "host", "wait": "all"}


def test_a_status_is_understood():
    [text] = [text for text in SHOWN if kind(text) == "status" and '"members"' in text]
    [status] = follow(Room(id="a room"), decode(text)).statuses.values()

    assert (status.state, status.offset, status.round_trip) == ("buffering", -412.0, 88.9)


def blocks():
    return re.findall(r"```json\n(.*?)```", PROTOCOL.text, re.DOTALL)
