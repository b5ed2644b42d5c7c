import json

import pytest

from syncplay_backend.domain import wire
from syncplay_backend.domain.log import entry
from syncplay_backend.domain.state import apply
from syncplay_backend.domain.views import iso
from tests.domain.cast import ALICE, ALICES_TAB, BOB, NOW, ROOM, movie_night
from tests.domain.test_wire import ONE_OF_EACH


def logged(type, origin=None):
    event = ONE_OF_EACH[type]
    return entry(apply(movie_night(), event), event, origin)


def test_an_entry_tells_what_happened_where_and_when():
    played = logged("play", ALICES_TAB)

    assert (played.room_id, played.seq, played.type) == (ROOM, movie_night().seq + 1, "play")
    assert (played.by, played.at, played.origin) == (ALICE, NOW, ALICES_TAB)


@pytest.mark.parametrize("type", ONE_OF_EACH)
def test_what_is_kept_is_what_was_sent(type):
    event = ONE_OF_EACH[type]
    room = apply(movie_night(), event)
    data = wire.event_data(event, room.timeline)
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


def test_the_connection_it_came_through_is_told_to_nobody():
    assert str(ALICES_TAB) not in logged("play", ALICES_TAB).frame()
