import json
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.policy import WaitFor
from tests.domain.cast import ALICES_KEY, EPOCH, FILM

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
    [
        *("type", "position", "videoUrl", "videoTitle", "userName", "password", "protocol"),
        *("lastSeq", "epoch", "t0", "state", "rate", "offset", "typing", "text", "emoji"),
        *("expect", "wait"),
    ]
)
near_misses = st.fixed_dictionaries(
    {"type": st.sampled_from([*wire.INCOMING, "ack"]) | junk},
    optional={
        "userId": st.just(str(ALICES_KEY.value)) | junk,
        "data": st.dictionaries(known_fields, junk, max_size=5) | junk,
        "id": junk,
    },
)


RESUMING = {"protocol": 2, "lastSeq": 7, "epoch": str(EPOCH)}
STATUS = {"state": "ready", "position": 12.25, "rate": 1.5, "offset": -3.5, "itemId": "later"}


def read(text):
    return wire.decode(wire.open_envelope(text))


def frame(type, data=None, **more):
    return json.dumps({"type": type, "data": data or {}} | more)


def refusal(text):
    with pytest.raises(Refused) as caught:
        read(text)
    return caught.value


def does_no_harm(text):
    """It is a command, or refused with an error that can be sent; anything else would raise."""
    try:
        said = read(text)
    except Refused as refused:
        return json.loads(wire.error(refused))["data"]["code"] == "invalid"
    return type(said.what) in wire.INCOMING.values()


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
        assert read(text) == wire.Said(said)
        assert read(text.encode()) == wire.Said(said)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (frame("join", RESUMING), wire.JoinFrame(protocol=2, last_seq=7, epoch=EPOCH)),
            (frame("time", {"t0": 12.5}), wire.TimeFrame(12.5)),
            (frame("time", {"t0": -7}), wire.TimeFrame(-7.0)),
            (frame("status", {"state": "hidden"}), wire.StatusFrame("hidden")),
            (frame("status", STATUS), wire.StatusFrame("ready", 12.25, 1.5, -3.5)),
            (frame("typing", {"typing": True}), wire.TypingFrame(True)),
            (frame("rate", {"rate": 0.25}), c.SetRate(0.25)),
            (frame("chat", {"text": " Hi <b> "}), c.Say("Hi <b>")),
            (frame("reaction", {"emoji": "\U0001f389"}), c.React("\U0001f389")),
            (frame("settings", {"wait": "never"}), c.ChangeSettings(wait=WaitFor.NEVER)),
            (frame("settings"), c.ChangeSettings()),
        ],
    )
    def test_so_is_every_type_of_protocol_2(self, text, said):
        assert read(text) == wire.Said(said)

    def test_there_are_these_types(self):
        contract = "join play pause seek video_changed leave heartbeat"
        protocol_2 = "time status rate chat reaction typing settings"

        assert set(wire.INCOMING) == {*contract.split(), *protocol_2.split()}

    def test_the_key_is_read(self):
        assert read(frame("join", userId=str(ALICES_KEY.value))).key == ALICES_KEY

    def test_a_command_may_have_an_id_and_an_expectation(self):
        said = read(frame("seek", {"position": 5, "expect": {"seq": 7}}, id="cmd 1"))

        assert said == wire.Said(c.Seek(5.0), id="cmd 1", expects=7)

    @pytest.mark.parametrize("id", ["", "x" * 65, "x\0", "\tx", 7, True, ["x"]])
    def test_an_id_is_a_short_text(self, id):
        assert set(refusal(frame("play", id=id)).errors) == {"id"}

    @pytest.mark.parametrize("expect", [{}, {"seq": -1}, {"seq": "7"}, {"seq": True}, 7, "7", []])
    def test_an_expectation_is_a_seq(self, expect):
        assert refusal(frame("play", {"expect": expect})).code is Code.INVALID

    @pytest.mark.parametrize(
        ("type", "data"),
        [
            ("rate", {"rate": 0.2}),
            ("rate", {"rate": 4.1}),
            ("rate", {"rate": "1"}),
            ("rate", {"rate": True}),
            ("time", {"t0": "1"}),
            ("time", {"t0": True}),
            ("time", {"t0": 1e16}),
            ("status", {"state": "unknown"}),
            ("status", {"state": 1}),
            ("typing", {"typing": 1}),
            ("typing", {"typing": "yes"}),
            ("chat", {"text": " "}),
            ("chat", {"text": "x" * 2_001}),
            ("chat", {"text": "a\x00b"}),
            ("reaction", {"emoji": "x" * 17}),
            ("settings", {"wait": "maybe"}),
            ("settings", {"control": 1}),
        ],
    )
    def test_a_wrong_value_is_refused_by_name(self, type, data):
        assert set(refusal(frame(type, data)).errors) == set(data)

    @pytest.mark.parametrize("type", ["rate", "time", "status", "typing", "chat", "reaction"])
    def test_what_is_needed_is_needed(self, type):
        assert len(refusal(frame(type)).errors) == 1

    @pytest.mark.parametrize(
        "text", ['{"type":"play"}', '{"type":"play","data":null,"userId":null}']
    )
    def test_data_and_the_key_may_be_left_out(self, text):
        assert read(text) == wire.Said(c.Play())

    def test_unknown_fields_are_ignored(self):
        text = frame("play", {"position": 1, "mood": "good", "type": "x"}, colour="red")

        assert read(text) == wire.Said(c.Play(1.0))

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

    @pytest.mark.parametrize("type", ["", "ack", "Play", "room_update", "x" * 60_000, 5, None, []])
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
        said = read(frame(type, {"position": position}))

        assert said.what.position == position


def may_be_null(kind: object) -> bool:
    return type(None) in get_args(kind)


KINDS = [*wire.INCOMING.values(), wire.Envelope, wire.Terms]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_field_that_may_be_null_is_null_where_it_is_left_out(kind: type[msgspec.Struct]) -> None:
    """So that a null is as good as nothing, and need not be taken out first."""
    for field in msgspec.structs.fields(kind):
        assert not may_be_null(field.type) or field.default is None, field.name
