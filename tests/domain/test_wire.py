import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Code, Refused, unavailable
from syncplay_backend.domain.log import entry
from syncplay_backend.domain.state import apply
from syncplay_backend.domain.timeline import Timeline
from syncplay_backend.domain.views import iso, room_view
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    BOB,
    BOBS_KEY,
    FILM,
    NOW,
    ROOM,
    member,
    movie_night,
)

MEMBER_FIELDS = {"id", "name", "is_host", "is_online", "joined_at", "role"}
PLAYBACK_FIELDS = {"position", "at", "isPlaying", "rate"}

ONE_OF_EACH = {
    "play": e.Played(position=120.0, at=NOW, by=ALICE),
    "pause": e.Paused(position=120.25, at=NOW, by=ALICE),
    "seek": e.Sought(position=0.0, at=NOW, by=ALICE),
    "video_changed": e.VideoChanged(url=FILM, title="Film", at=NOW, by=ALICE),
    "user_joined": e.MemberJoined(member=member(movie_night(), BOB), is_host=False, at=NOW, by=BOB),
    "user_offline": e.MemberWentOffline(member_id=BOB, name="Bob", away_until=NOW, at=NOW, by=BOB),
    "user_left": e.MemberLeft(member_id=BOB, name="Bob", reason="away", at=NOW, by=BOB),
    "host_changed": e.HostChanged(host_id=BOB, at=NOW, by=None),
    "room_closed": e.RoomClosed(at=NOW, by=None),
}
DATA = {
    "play": PLAYBACK_FIELDS,
    "pause": PLAYBACK_FIELDS,
    "seek": PLAYBACK_FIELDS,
    "video_changed": {"videoUrl", "videoTitle", "position", "isPlaying", "at"},
    "user_joined": MEMBER_FIELDS,
    "user_offline": {"id", "name"},
    "user_left": {"id", "user_id", "name", "reason"},
    "host_changed": {"id"},
    "room_closed": set(),
}

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["position", "type"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
known_fields = st.sampled_from(
    ["type", "position", "videoUrl", "videoTitle", "userName", "password", "protocol", "lastSeq"]
)
near_misses = st.fixed_dictionaries(
    {"type": st.sampled_from([*wire.INCOMING, "chat"]) | junk},
    optional={
        "userId": st.just(str(ALICES_KEY.value)) | junk,
        "data": st.dictionaries(known_fields, junk, max_size=5) | junk,
        "id": junk,
    },
)


def frame(type, data=None, **more):
    return json.dumps({"type": type, "data": data or {}} | more)


def sent(event):
    return json.loads(written(event))


def written(event, room=None):
    return entry(apply(room or movie_night(), event), event, origin=None).frame()


def refusal(text):
    with pytest.raises(Refused) as caught:
        wire.decode(text)
    return caught.value


def does_no_harm(text):
    """It is a command, or refused with an error that can be sent; anything else would raise."""
    try:
        command, _ = wire.decode(text)
    except Refused as refused:
        return json.loads(wire.error(refused))["data"]["code"] == "invalid"
    return type(command) in wire.INCOMING.values()


class TestFromClients:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (frame("join", {"userName": " Bob ", "password": "x"}), wire.JoinFrame("Bob", "x")),
            (frame("join"), wire.JoinFrame()),
            (frame("join", {"protocol": 2}), wire.JoinFrame(protocol=2)),
            (frame("play"), c.Play()),
            (frame("play", {"position": 120}), c.Play(120.0)),
            (frame("play", {"position": None}), c.Play()),
            (frame("pause", {"position": 120.25}), c.Pause(120.25)),
            (frame("seek", {"position": 0}), c.Seek(0.0)),
            (frame("video_changed", {"videoUrl": FILM}), c.ChangeVideo(FILM)),
            (
                frame("video_changed", {"videoUrl": FILM, "videoTitle": "F"}),
                c.ChangeVideo(FILM, "F"),
            ),
            (frame("leave"), c.Leave()),
            (frame("heartbeat"), wire.HeartbeatFrame()),
        ],
    )
    def test_every_type_of_the_contract_is_understood(self, text, said):
        assert wire.decode(text) == (said, None)
        assert wire.decode(text.encode()) == (said, None)

    def test_the_contract_has_these_types(self):
        contract = "join play pause seek video_changed leave heartbeat"

        assert set(wire.INCOMING) == set(contract.split())

    def test_the_key_is_read(self):
        _, key = wire.decode(frame("join", userId=str(ALICES_KEY.value)))

        assert key == ALICES_KEY

    @pytest.mark.parametrize(
        "text", ['{"type":"play"}', '{"type":"play","data":null,"userId":null}']
    )
    def test_data_and_the_key_may_be_left_out(self, text):
        assert wire.decode(text) == (c.Play(), None)

    def test_unknown_fields_are_ignored(self):
        text = frame("play", {"position": 1, "mood": "good", "type": "x"}, colour="red", id="7")

        assert wire.decode(text) == (c.Play(1.0), None)

    def test_the_video_stands_in_data_as_documented(self):
        text = json.dumps({"type": "video_changed", "videoUrl": FILM, "data": {}})

        assert refusal(text).errors == {"videoUrl": ["This field is required."]}

    @pytest.mark.parametrize("position", ["120", True, -1, 1e8, [1], {"s": 1}, 10**30])
    def test_a_position_is_a_number_within_bounds(self, position):
        assert set(refusal(frame("play", {"position": position})).errors) == {"position"}

    def test_a_seek_needs_a_position(self):
        assert set(refusal(frame("seek")).errors) == {"position"}
        assert set(refusal(frame("seek", {"position": None})).errors) == {"position"}

    @pytest.mark.parametrize("protocol", [0, 3, "2", True, 1.5])
    def test_there_are_two_protocols(self, protocol):
        assert set(refusal(frame("join", {"protocol": protocol})).errors) == {"protocol"}

    @pytest.mark.parametrize("key", ["alice", 7, "00000000-0000-0000-0000-000000000000"])
    def test_what_is_no_key_is_refused(self, key):
        assert set(refusal(frame("play", userId=key)).errors) == {"userId"}

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "play",
            "null",
            "[]",
            "5",
            '"play"',
            "{",
            '{"type":"play"}{"type":"play"}',
            '{"type":"seek","data":{"position":NaN}}',
            '{"type":"seek","data":{"position":Infinity}}',
            '{"type":"seek","data":{"position":1e999}}',
            '{"type":"seek","data":{"position":' + "9" * 5_000 + "}}",
            '{"type":"\\ud800"}',
            "\ud800",
            "\ufeff{}",
            b"\xff\xfe",
            b'{"type":"\xff"}',
            b'{"type":"play\x00"}',
            "[" * 60_000,
            '{"data":' * 8_000,
            '{"type":"play","data":{"x":' + "[" * 30_000 + "]" * 30_000 + "}}",
        ],
        ids=lambda text: repr(text[:30]),
    )
    def test_what_is_no_frame_is_refused(self, text):
        assert refusal(text).code is Code.INVALID

    @pytest.mark.parametrize("type", ["", "chat", "Play", "room_update", "x" * 60_000, 5, None, []])
    def test_what_is_of_no_known_type_is_refused(self, type):
        assert refusal(frame(type)).code is Code.INVALID

    def test_a_refusal_does_not_repeat_all_that_was_said(self):
        assert len(refusal(frame("x" * 60_000)).message) < 100

    @pytest.mark.parametrize("data", [[], "x", 5, True])
    def test_data_is_an_object(self, data):
        assert refusal(json.dumps({"type": "play", "data": data})).errors == {
            "data": ["This must be a JSON object."]
        }

    @given(st.binary(max_size=200) | st.text(st.characters(), max_size=200))
    def test_no_noise_does_harm(self, noise):
        assert does_no_harm(noise)

    @given(junk | near_misses)
    def test_no_json_does_harm(self, value):
        assert does_no_harm(json.dumps(value))

    @given(near_misses)
    def test_no_json_with_bare_unicode_does_harm(self, value):
        assert does_no_harm(json.dumps(value, ensure_ascii=False))

    @given(st.integers(0, 10_000_000_000), st.sampled_from(["play", "pause", "seek"]))
    def test_a_position_arrives_as_it_was_sent(self, milliseconds, type):
        position = milliseconds / 1000
        command, _ = wire.decode(frame(type, {"position": position}))

        assert command.position == position


class TestToClients:
    def test_this_file_knows_every_event(self):
        assert {type(event) for event in ONE_OF_EACH.values()} == set(get_args(e.Numbered))

    @pytest.mark.parametrize("type", ONE_OF_EACH)
    def test_an_event_has_the_name_of_the_contract(self, type):
        assert sent(ONE_OF_EACH[type])["type"] == type

    @pytest.mark.parametrize("type", ONE_OF_EACH)
    def test_an_event_has_these_fields(self, type):
        event = ONE_OF_EACH[type]
        seen = sent(event)

        assert set(seen) == {"type", "seq", "roomId", "userId", "timestamp", "data"}
        assert seen["seq"] == movie_night().seq + 1
        assert seen["roomId"] == str(ROOM)
        assert seen["userId"] == (str(event.by) if event.by else None)
        assert seen["timestamp"] == iso(NOW)

    @pytest.mark.parametrize("type", ONE_OF_EACH)
    def test_its_data_is_what_the_contract_says(self, type):
        assert set(sent(ONE_OF_EACH[type])["data"]) == DATA[type]

    def test_playback_tells_the_whole_timeline(self):
        room = movie_night(timeline=Timeline(5.0, NOW, rate=1.5))

        assert json.loads(written(ONE_OF_EACH["play"], room))["data"] == {
            "position": 120,
            "at": NOW,
            "isPlaying": True,
            "rate": 1.5,
        }

    @pytest.mark.parametrize(
        ("playing", "type"), [(True, "play"), (False, "pause"), (False, "seek")]
    )
    def test_it_says_whether_the_video_plays(self, playing, type):
        assert sent(ONE_OF_EACH[type])["data"]["isPlaying"] is playing

    @pytest.mark.parametrize(("position", "seen"), [(120.0, "120"), (120.25, "120.25"), (0.0, "0")])
    def test_whole_numbers_stay_whole(self, position, seen):
        text = written(e.Sought(position=position, at=NOW, by=ALICE))

        assert f'"position":{seen},' in text
        assert '"rate":1}' in text

    def test_a_new_video_is_at_the_beginning_and_paused(self):
        assert sent(ONE_OF_EACH["video_changed"])["data"] == {
            "videoUrl": FILM,
            "videoTitle": "Film",
            "position": 0,
            "isPlaying": False,
            "at": NOW,
        }

    def test_who_left_is_named_in_both_ways(self):
        data = sent(ONE_OF_EACH["user_left"])["data"]

        assert data == {"id": str(BOB), "user_id": str(BOB), "name": "Bob", "reason": "away"}

    def test_who_joined_is_shown_as_in_the_room(self):
        users = json.loads(wire.room_update(room_view(movie_night(), NOW)))["data"]["users"]

        assert sent(ONE_OF_EACH["user_joined"])["data"] in users

    @pytest.mark.parametrize("type", ONE_OF_EACH)
    def test_no_event_shows_a_key(self, type):
        text = json.dumps(sent(ONE_OF_EACH[type]))

        assert str(BOBS_KEY.value) not in text
        assert BOBS_KEY.hash.hex() not in text

    def test_room_update_is_the_room(self):
        seen = json.loads(wire.room_update(room_view(movie_night(), NOW)))

        assert set(seen) == {"type", "data"}
        assert (seen["type"], seen["data"]["id"]) == ("room_update", str(ROOM))

    def test_a_heartbeat_tells_the_time_in_seconds_and_in_milliseconds(self):
        assert json.loads(wire.heartbeat(1_700_000_000_250)) == {
            "type": "heartbeat",
            "data": {"timestamp": 1_700_000_000.25, "at": 1_700_000_000_250},
        }

    def test_an_error_is_for_people_and_for_programs(self):
        refused = Refused(Code.NOT_ALLOWED, "Only the host may control this room.")

        assert json.loads(wire.error(refused)) == {
            "type": "error",
            "data": {
                "error": "Only the host may control this room.",
                "code": "not_allowed",
                "retryable": False,
            },
        }

    def test_an_error_says_which_fields_and_when_to_try_again(self):
        fields = Refused(Code.INVALID, "x", errors={"position": ["This is too large."]})

        assert json.loads(wire.error(fields))["data"]["errors"] == {
            "position": ["This is too large."]
        }
        assert json.loads(wire.error(unavailable(0.12345)))["data"]["retryAfter"] == 0.123
        assert json.loads(wire.error(unavailable()))["data"]["retryable"] is True

    @pytest.mark.parametrize("code", Code)
    def test_every_code_can_be_told(self, code):
        assert json.loads(wire.error(Refused(code, "x")))["data"]["code"] == code.value


class TestWhoIsTold:
    def test_the_contract_has_a_type_for_these(self):
        unknown = {"host_changed", "room_closed"}

        assert set(ONE_OF_EACH) - unknown == wire.CONTRACT_EVENTS

    def test_nobody_is_told_of_ones_own_playback(self):
        playback = {str(kind.__struct_config__.tag) for kind in get_args(e.PlaybackEvent)}

        assert playback == wire.NOT_ECHOED
