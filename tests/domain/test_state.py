import pytest

from syncplay_backend.domain import events as e
from syncplay_backend.domain.people import Connection
from syncplay_backend.domain.state import Room, Video, apply, apply_all
from syncplay_backend.domain.timeline import Timeline
from tests.domain.cast import (
    ALICE,
    ALICES_TAB,
    BOB,
    BOBS_PHONE,
    BOBS_TAB,
    EPOCH,
    NOW,
    ROOM,
    SECOND,
    member,
    movie_night,
)

THEN = NOW + 10 * SECOND
PLAYED = e.Played(position=120, starts_at=THEN + 250, at=THEN, by=ALICE)
OFFLINE = e.MemberWentOffline(member_id=BOB, name="Bob", away_until=THEN + 1, at=THEN, by=BOB)
CLOSED = e.RoomClosed(at=THEN, by=None)
OPENED = e.ConnectionOpened(
    member_id=BOB, connection=Connection(BOBS_PHONE, "this process", NOW, NOW + 1)
)


def test_a_new_room_is_empty_and_at_the_beginning():
    room = Room(id=ROOM, name="Movie night", created_at=NOW, epoch=EPOCH)

    assert (room.seq, room.members, room.host_id) == (0, {}, None)
    assert (room.video, room.timeline) == (Video(), Timeline())


def test_two_rooms_share_no_members():
    one, other = (Room(id=ROOM, name="x", created_at=NOW, epoch=EPOCH) for _ in range(2))

    assert one.members is not other.members


def test_play_moves_the_timeline():
    assert apply(movie_night(), PLAYED).timeline == Timeline(120, THEN + 250, playing=True)


def test_pause_stops_it():
    paused = e.Paused(position=125, at=THEN, by=ALICE)

    assert apply_all(movie_night(), [PLAYED, paused]).timeline == Timeline(125, THEN)


def test_seek_leaves_it_playing():
    sought = e.Sought(position=5, at=THEN, by=ALICE)

    assert apply_all(movie_night(), [PLAYED, sought]).timeline == Timeline(5, THEN, playing=True)


def test_a_new_video_begins_at_the_beginning_paused_and_at_normal_speed():
    fast = movie_night(timeline=Timeline(99, NOW, playing=True, rate=2))
    room = apply(fast, e.VideoChanged(url="https://a/b", title="B", at=THEN, by=ALICE))

    assert room.video == Video("https://a/b", "B")
    assert room.timeline == Timeline(position=0, at=THEN, playing=False, rate=1)


def test_a_play_does_not_bring_back_an_older_video():
    changed = e.VideoChanged(url="https://a/b", title="B", at=NOW, by=ALICE)

    assert apply_all(movie_night(), [changed, PLAYED]).video == Video("https://a/b", "B")


def test_a_numbered_event_takes_the_next_seq():
    room = movie_night()

    assert apply(room, PLAYED).seq == room.seq + 1


def test_book_keeping_takes_none():
    room = movie_night()

    assert apply(room, OPENED).seq == room.seq


def test_only_playback_is_what_an_expectation_looks_at():
    room = apply(movie_night(), PLAYED)
    later = apply(room, OFFLINE)

    assert (room.control_seq, later.control_seq) == (room.seq, room.seq)


def test_the_last_event_is_remembered():
    assert apply(movie_night(), PLAYED).active_at == THEN


def test_an_event_from_a_slow_clock_does_not_make_a_room_older():
    late = e.Played(position=0, starts_at=NOW - 1, at=NOW - 1, by=ALICE)

    assert apply(movie_night(), late).active_at == NOW


def test_who_drops_keeps_the_place_for_a_while():
    who = member(apply(movie_night(), OFFLINE), BOB)

    assert (who.is_online, who.away_until) == (False, THEN + 1)


def test_who_leaves_is_gone():
    left = e.MemberLeft(member_id=BOB, name="Bob", reason="left", at=THEN, by=BOB)

    assert set(apply(movie_night(), left).members) == {ALICE}


def test_a_room_may_get_another_host_or_none():
    for host in (BOB, None):
        changed = e.HostChanged(host_id=host, at=THEN, by=None)
        assert apply(movie_night(), changed).host_id == host


def test_a_room_is_closed_once_and_for_all():
    assert apply(movie_night(), CLOSED).closed_at == THEN


def test_a_second_connection_is_one_more():
    who = member(apply(movie_night(), OPENED), BOB)

    assert [connection.id for connection in who.connections] == [BOBS_TAB, BOBS_PHONE]


def test_one_of_two_connections_can_go():
    closed = e.ConnectionClosed(member_id=BOB, connection_id=BOBS_TAB)
    who = member(apply_all(movie_night(), [OPENED, closed]), BOB)

    assert [connection.id for connection in who.connections] == [BOBS_PHONE]


def test_a_place_that_is_used_lasts_on():
    used = e.PlaceUsed(member_id=BOB, away_until=THEN + 5)
    who = member(apply_all(movie_night(), [OFFLINE, used]), BOB)

    assert (who.away_until, who.key_used) == (THEN + 5, True)


@pytest.mark.parametrize("event", [PLAYED, OFFLINE, CLOSED, OPENED])
def test_the_old_room_stays_as_it_was(event):
    room = movie_night()
    apply(room, event)

    assert room == movie_night()
    assert member(room, ALICE).connections[0].id == ALICES_TAB
