import json
from typing import get_args

import pytest

from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.log import Source, entry
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.state import apply
from syncplay_backend.domain.timeline import Timeline
from syncplay_backend.domain.views import iso, room_view
from tests.domain.cast import (
    ALICE,
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
    "play": e.Played(position=120.0, starts_at=NOW + 250, at=NOW, by=ALICE),
    "pause": e.Paused(position=120.25, at=NOW, by=ALICE),
    "seek": e.Sought(position=0.0, at=NOW, by=ALICE),
    "rate": e.RateChanged(rate=1.5, position=7.5, starts_at=NOW + 100, at=NOW, by=ALICE),
    "waiting": e.Waiting(
        members={BOB: NOW + 10_000, ALICE: NOW + 60_000},
        since=NOW - 5_000,
        position=7.5,
        at=NOW,
        by=None,
    ),
    "chat": e.Said(text="Hello <b>", position=120.0, at=NOW, by=BOB),
    "reaction": e.Reacted(emoji="\U0001f389", position=120.25, at=NOW, by=BOB),
    "settings_changed": e.SettingsChanged(settings=Settings(), at=NOW, by=ALICE),
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
    "rate": PLAYBACK_FIELDS,
    "waiting": {"for", "since", "until", "position", "at", "isPlaying"},
    "chat": {"text", "position"},
    "reaction": {"emoji", "position"},
    "settings_changed": {"settings"},
    "video_changed": {"videoUrl", "videoTitle", "position", "isPlaying", "at"},
    "user_joined": MEMBER_FIELDS,
    "user_offline": {"id", "name"},
    "user_left": {"id", "user_id", "name", "reason"},
    "host_changed": {"id"},
    "room_closed": set(),
}


def sent(event):
    return json.loads(written(event))


def written(event, room=None):
    return entry(apply(room or movie_night(), event), event, Source()).frame()


class TestEveryEvent:
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
            "at": NOW + 250,
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


def test_a_rate_takes_effect_when_a_start_that_is_still_to_come_does():
    assert sent(ONE_OF_EACH["rate"])["data"] == {
        "position": 7.5,
        "at": NOW + 100,
        "isPlaying": False,
        "rate": 1.5,
    }


def test_a_wait_says_for_whom_since_when_and_until_when_at_most():
    assert sent(ONE_OF_EACH["waiting"])["data"] == {
        "for": [str(BOB), str(ALICE)],
        "since": NOW - 5_000,
        "until": NOW + 60_000,
        "position": 7.5,
        "at": NOW,
        "isPlaying": False,
    }


def test_talk_is_plain_text_and_says_where_the_video_was():
    assert sent(ONE_OF_EACH["chat"])["data"] == {"text": "Hello <b>", "position": 120}
    assert sent(ONE_OF_EACH["reaction"])["data"] == {"emoji": "\U0001f389", "position": 120.25}


def test_settings_are_told_whole():
    assert sent(ONE_OF_EACH["settings_changed"])["data"] == {
        "settings": {"control": "host", "wait": "all"}
    }


class TestWhoIsTold:
    def test_the_contract_has_a_type_for_these(self):
        silent = {"chat", "reaction", "room_closed"}  # it has no word for them, and no field

        assert set(ONE_OF_EACH) - silent - wire.ROOM_CHANGES == wire.CONTRACT_EVENTS

    def test_nobody_is_told_of_ones_own_playback(self):
        assert wire.NOT_ECHOED == wire.TIMELINE & wire.CONTRACT_EVENTS

    def test_the_timeline_is_what_playback_is(self):
        playback = {str(kind.__struct_config__.tag) for kind in get_args(e.PlaybackEvent)}

        assert playback == wire.TIMELINE
