import json

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.domain.errors import Code, Refused, unavailable
from syncplay_backend.domain.views import MemberStatus, room_view
from tests.domain.cast import ALICE, BOB, FILM, NOW, ROOM, movie_night


class TestToClients:
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

    @pytest.mark.parametrize(
        ("text", "type", "data"),
        [
            (wire.time(1.5, 2.25, 3.0), "time", {"t0": 1.5, "t1": 2.25, "t2": 3.0}),
            (wire.ack("cmd", 7), "ack", {"ref": "cmd", "seq": 7}),
            (wire.resumed(7), "resumed", {"seq": 7}),
            (wire.typing(BOB, True), "typing", {"id": str(BOB), "typing": True}),
        ],
    )
    def test_what_is_not_numbered_bears_no_number(self, text, type, data):
        assert json.loads(text) == {"type": type, "data": data}

    def test_a_status_says_what_is_known_and_nothing_else(self):
        known = MemberStatus(BOB, "ready", position=1.5, offset=-4.0, round_trip=20.0)
        unknown = MemberStatus(ALICE, "hidden")

        assert json.loads(wire.status([known, unknown]))["data"]["members"] == [
            {"id": str(BOB), "state": "ready", "position": 1.5, "offset": -4.0, "round_trip": 20.0},
            {"id": str(ALICE), "state": "hidden"},
        ]

    def test_an_error_says_to_which_command(self):
        assert json.loads(wire.error(unavailable(), "cmd"))["data"]["ref"] == "cmd"


class TestOrders:
    """What REST takes of what a socket takes."""

    @pytest.mark.parametrize("type", ["join", "heartbeat", "time", "status", "typing"])
    def test_some_things_can_be_said_over_a_socket_only(self, type):
        data = {"t0": 1, "state": "ready", "typing": True}
        with pytest.raises(Refused) as caught:
            wire.read_order(type, data)

        assert caught.value.code is Code.INVALID

    def test_everything_else_can_be_said_over_rest(self):
        assert wire.read_order("seek", {"position": 5, "expect": {"seq": 2}}) == (c.Seek(5.0), 2)
        assert wire.read_order("leave", {}) == (c.Leave(), None)


class TestDigests:
    """Whether a command with an id that was seen before is the same command."""

    def test_the_same_is_the_same(self):
        for one, other in (({}, {"mood": "good"}), ({"position": 5}, {"position": 5.0})):
            said = [wire.read_order("play", data)[0] for data in (one, other)]
            assert wire.digest(said[0]) == wire.digest(said[1])

    def test_another_is_another(self):
        commands = [c.Play(), c.Play(0.0), c.Pause(), c.Seek(0.0), c.SetRate(1.0), c.Leave()]
        commands += [c.Say("a"), c.Say("b"), c.React("a"), c.ChangeVideo(FILM), c.ChangeSettings()]

        assert len({wire.digest(command) for command in commands}) == len(commands)

    def test_it_fits_its_column(self):
        assert len(wire.digest(c.Say("x" * 2_000))) == 32
