import json

import pytest

from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.event_data import event_data
from syncplay_backend.domain.log import Source, entry
from syncplay_backend.domain.state import apply
from syncplay_backend.domain.views import iso
from tests.domain.cast import ALICE, ALICES_TAB, BOB, NOW, ROOM, movie_night
from tests.domain.test_event_data import ONE_OF_EACH

NOWHERE = Source()


def logged(type, source=NOWHERE):
    event = ONE_OF_EACH[type]
    return entry(apply(movie_night(), event), event, source)


def test_an_entry_tells_what_happened_where_and_when():
    played = logged("play", Source(ALICES_TAB))

    assert (played.room_id, played.seq, played.type) == (ROOM, movie_night().seq + 1, "play")
    assert (played.by, played.at, played.origin) == (ALICE, NOW, ALICES_TAB)


@pytest.mark.parametrize("type", ONE_OF_EACH)
def test_what_is_kept_is_what_was_sent(type):
    event = ONE_OF_EACH[type]
    room = apply(movie_night(), event)
    data = event_data(event, room.timeline)
    frame = wire.NumberedFrame(type, room.seq, ROOM, event.by, iso(NOW), data)

    assert logged(type).frame() == wire.encode(frame)


@pytest.mark.parametrize("type", ONE_OF_EACH)
def test_it_comes_out_of_a_database_as_it_went_in(type):
    data = logged(type).data

    assert json.loads(json.dumps(data)) == data


def test_who_left_is_whom_it_is_about():
    assert logged("user_left").subject == BOB
    assert logged("user_offline").subject is None
    assert logged("play").subject is None


@pytest.mark.parametrize("type", ONE_OF_EACH)
def test_of_who_comes_and_goes_it_says_how_many_there_are_then(type):
    then = len(apply(movie_night(), ONE_OF_EACH[type]).members)

    assert logged(type).crowd == (then if type in wire.PRESENCE else 0)


def test_the_connection_it_came_through_is_told_to_nobody():
    assert str(ALICES_TAB) not in logged("play", Source(ALICES_TAB)).frame()


def test_the_command_it_came_of_is_remembered_and_told():
    source = Source(ALICES_TAB, "cmd 1", "digest")
    played = logged("play", source)

    assert (played.ref, played.digest) == ("cmd 1", "digest")
    assert json.loads(played.frame())["data"]["ref"] == "cmd 1"
    assert "digest" not in played.frame()
    assert "ref" not in logged("play").data


def test_a_start_is_due_when_it_takes_effect():
    assert logged("play").due == NOW + 250


def test_a_start_that_has_begun_is_due_at_once():
    begun = e.Played(position=5.0, starts_at=NOW - 40, at=NOW, by=ALICE)

    assert entry(apply(movie_night(), begun), begun, NOWHERE).due == 0


def test_a_wait_is_due_when_it_ends():
    assert logged("waiting").due == NOW + 60_000


@pytest.mark.parametrize("type", sorted(set(ONE_OF_EACH) - {"play", "waiting"}))
def test_everything_else_takes_effect_at_once(type):
    assert logged(type).due == 0
