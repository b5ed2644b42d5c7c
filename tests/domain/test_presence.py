"""What many comings and goings come to."""

import json

import msgspec
import pytest

from syncplay_backend.domain import events as e
from syncplay_backend.domain.event_data import PresenceData
from syncplay_backend.domain.log import Source, entry
from syncplay_backend.domain.presence import in_words_of_the_contract, merged, read
from syncplay_backend.domain.state import apply
from syncplay_backend.domain.views import iso
from tests.domain.cast import ALICE, BOB, CHARLIE, NOW, a_uuid, join, movie_night

DORA = a_uuid()


def joined(who, name="Dora", *, online=True):
    member = msgspec.structs.replace(
        movie_night().members[BOB], id=who, name=name, **({} if online else {"connections": ()})
    )
    return e.MemberJoined(member=member, is_host=False, at=NOW, by=who)


def offline(who, name="Dora"):
    return e.MemberWentOffline(member_id=who, name=name, away_until=NOW, at=NOW, by=who)


def left(who, name="Dora", reason="left"):
    return e.MemberLeft(member_id=who, name=name, reason=reason, at=NOW, by=who)


def told(*events, source=Source()):  # noqa: B008
    """The events as sockets would be sent them, one after the other."""
    room, frames = movie_night(seq=16), []
    for number, event in enumerate(events):
        room = apply(room, msgspec.structs.replace(event, at=NOW + number))
        frames.append(entry(room, msgspec.structs.replace(event, at=NOW + number), source).frame())
    return [read(frame) for frame in frames]


def presence(*events):
    return json.loads(merged(told(*events)))


def people(*events):
    """Who is in which list."""
    data = presence(*events)["data"]
    return {kind: [person["id"] for person in data[kind]] for kind in data}


def contract(*events):
    return [json.loads(text) for text in in_words_of_the_contract(told(*events))]


class TestOneFrameForAll:
    def test_it_stands_for_the_range_of_numbers_and_is_as_late_as_the_last(self):
        frame = presence(joined(DORA), joined(CHARLIE, "Charlie"), offline(BOB, "Bob"))

        assert (frame["type"], frame["fromSeq"], frame["seq"]) == ("presence", 17, 19)
        assert frame["timestamp"] == iso(NOW + 2)
        assert set(frame) == {"type", "fromSeq", "seq", "roomId", "timestamp", "data"}

    def test_it_tells_of_each_what_its_own_event_tells(self):
        events = joined(DORA), offline(BOB, "Bob"), left(ALICE, "Alice")
        each = [json.loads(bytes(one.data)) for one in told(*events)]
        data = presence(*events)["data"]

        assert data == {"joined": [each[0]], "offline": [each[1]], "left": [each[2]]}

    def test_it_is_of_the_form_that_is_promised(self):
        data = presence(joined(DORA), offline(BOB, "Bob"), left(ALICE, "Alice"))["data"]

        assert msgspec.to_builtins(msgspec.convert(data, PresenceData)) == data


class TestWhatItComesTo:
    def test_who_dropped_and_came_back_is_there(self):
        assert people(offline(BOB), joined(BOB)) == {
            "joined": [str(BOB)], "offline": [], "left": [],
        }  # fmt: skip

    def test_who_was_there_and_dropped_is_offline(self):
        assert people(joined(DORA), offline(BOB))["offline"] == [str(BOB)]

    def test_who_came_and_dropped_is_introduced_as_somebody_who_is_not_connected(self):
        [dora] = presence(joined(DORA), offline(DORA))["data"]["joined"]

        assert (dora["name"], dora["is_online"]) == ("Dora", False)

    def test_who_took_a_place_and_then_connected_is_connected(self):
        [dora] = presence(joined(DORA, online=False), joined(DORA))["data"]["joined"]

        assert dora["is_online"]

    @pytest.mark.parametrize("before", [[joined(DORA)], [joined(DORA), offline(DORA)]])
    def test_who_came_and_left_has_only_left(self, before):
        assert people(*before, left(DORA)) == {"joined": [], "offline": [], "left": [str(DORA)]}


class TestInWordsOfTheContract:
    def test_there_is_one_frame_of_each_type_the_newest_and_in_order(self):
        frames = contract(
            joined(DORA), left(ALICE, "Alice"), joined(CHARLIE, "Charlie"), offline(BOB, "Bob")
        )

        types = [(frame["type"], frame["seq"]) for frame in frames]
        assert types == [("user_left", 18), ("user_joined", 19), ("user_offline", 20)]

    def test_the_rest_of_a_type_are_the_others_oldest_first(self):
        erin = a_uuid()
        [frame] = contract(joined(DORA), joined(erin, "Erin"), joined(CHARLIE, "Charlie"))

        assert frame["userId"] == frame["data"]["id"] == str(CHARLIE)
        assert [one["name"] for one in frame["data"]["others"]] == ["Dora", "Erin"]
        assert "others" not in frame["data"]["others"][0]

    def test_who_is_alone_is_told_of_as_ever(self):
        events = joined(DORA), offline(BOB, "Bob")
        frames = in_words_of_the_contract(told(*events))
        room, each = movie_night(seq=16), []
        for number, event in enumerate(events):
            event = msgspec.structs.replace(event, at=NOW + number)
            room = apply(room, event)
            each.append(entry(room, event, Source()).frame())

        assert frames == each

    def test_each_member_is_told_of_once(self):
        frames = contract(joined(DORA), offline(DORA), joined(CHARLIE, "Charlie"), left(CHARLIE))

        assert [(f["type"], f["data"]["id"]) for f in frames] == [
            ("user_joined", str(DORA)),
            ("user_left", str(CHARLIE)),
        ]


def test_whose_command_it_was_is_told_as_ever():
    [gone] = told(left(BOB, "Bob"), source=Source(None, "bob's command"))

    assert (
        json.loads(merged([gone, *told(joined(DORA))]))["data"]["left"][0]["ref"] == "bob's command"
    )


def test_nothing_more_is_told_of_anybody_than_alone():
    secret = str(join("Dora").key.value)

    assert secret not in merged(told(joined(DORA), joined(CHARLIE)))
