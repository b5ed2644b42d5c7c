import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import Title, VideoUrl
from syncplay_backend.domain.people import SERVER
from syncplay_backend.domain.state import Control, Settings
from syncplay_backend.domain.timeline import Timeline
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    BOB,
    BOBS_KEY,
    FILM,
    NOW,
    SECOND,
    after,
    alice,
    bob,
    charlie,
    events_of,
    movie_night,
    new_room,
    refusal,
    types_of,
    whoever_holds,
)

LATER = NOW + 30 * SECOND
NEXT_FILM = c.ChangeVideo(VideoUrl(FILM), Title("Another"))
EVERYTHING = [c.Play(), c.Play(120.0), c.Pause(), c.Pause(5.0), c.Seek(7.0), NEXT_FILM]


def playing(position=100.0):
    return movie_night(timeline=Timeline(position, NOW, playing=True))


def test_the_host_plays():
    assert events_of(movie_night(), c.Play(120.0), alice) == [
        e.Played(position=120.0, at=NOW, by=ALICE)
    ]


def test_the_host_pauses():
    assert events_of(playing(), c.Pause(104.5), alice, LATER) == [
        e.Paused(position=104.5, at=LATER, by=ALICE)
    ]


def test_the_host_seeks():
    assert events_of(playing(), c.Seek(300.0), alice) == [
        e.Sought(position=300.0, at=NOW, by=ALICE)
    ]


def test_the_host_changes_the_video():
    assert events_of(movie_night(), NEXT_FILM, alice) == [
        e.VideoChanged(url=FILM, title="Another", at=NOW, by=ALICE)
    ]


def test_a_video_needs_no_title():
    [changed] = events_of(movie_night(), c.ChangeVideo(VideoUrl(FILM)), alice)

    assert changed.title == ""


def test_play_without_a_position_goes_on_from_where_the_video_stands():
    paused = movie_night(timeline=Timeline(42.5, NOW))

    [played] = events_of(paused, c.Play(), alice, LATER)
    assert played.position == 42.5


def test_pause_without_a_position_stops_where_the_video_is_by_now():
    [paused] = events_of(playing(100.0), c.Pause(), alice, LATER)

    assert paused.position == 130.0


def test_play_while_playing_without_a_position_changes_nothing():
    assert events_of(playing(), c.Play(), alice, LATER) == []


def test_pause_while_paused_without_a_position_changes_nothing():
    assert events_of(movie_night(), c.Pause(), alice, LATER) == []


def test_play_while_playing_with_a_position_moves_everybody_there():
    assert types_of(events_of(playing(), c.Play(5.0), alice)) == ["Played"]


def test_pause_while_paused_with_a_position_moves_everybody_there():
    assert types_of(events_of(movie_night(), c.Pause(5.0), alice)) == ["Paused"]


def test_positions_are_in_whole_milliseconds():
    [sought] = events_of(movie_night(), c.Seek(1.23456789), alice)

    assert sought.position == 1.235


def test_who_joins_late_is_where_the_others_are():
    room = after(movie_night(), c.Play(120.0), alice)

    assert room.timeline.position_at(LATER) == 150.0


def test_a_new_video_stops_the_old_one():
    room = after(playing(), NEXT_FILM, alice, LATER)

    assert room.timeline == Timeline(position=0, at=LATER, playing=False, rate=1)


@pytest.mark.parametrize("command", EVERYTHING)
def test_a_viewer_is_not_obeyed(command):
    assert refusal(movie_night(), command, bob) is Code.NOT_ALLOWED
    assert refusal(playing(), command, bob) is Code.NOT_ALLOWED


@pytest.mark.parametrize("command", EVERYTHING)
@pytest.mark.parametrize("nobody", [charlie, SERVER], ids=["stranger", "server"])
def test_a_stranger_is_not_known(command, nobody):
    assert refusal(movie_night(), command, nobody) is Code.UNKNOWN_USER


@pytest.mark.parametrize("command", EVERYTHING)
def test_the_hosts_public_id_opens_nothing(command):
    impostor = whoever_holds(type(ALICES_KEY)(ALICE))

    assert refusal(movie_night(), command, impostor) is Code.UNKNOWN_USER


def test_a_key_stands_for_its_member_over_rest_too():
    room = movie_night()

    assert events_of(room, c.Play(), whoever_holds(ALICES_KEY))[0].by == ALICE
    assert refusal(room, c.Play(), whoever_holds(BOBS_KEY)) is Code.NOT_ALLOWED


def test_where_everybody_may_control_a_viewer_is_obeyed():
    room = movie_night(settings=Settings(control=Control.EVERYONE))

    assert events_of(room, c.Play(), bob) == [e.Played(position=0, at=NOW, by=BOB)]


def test_who_controls_over_rest_keeps_the_place():
    events = events_of(new_room(), c.Play(5.0), whoever_holds(ALICES_KEY))

    assert events == [
        e.PlaceUsed(member_id=ALICE, away_until=None),
        e.Played(position=5.0, at=NOW, by=ALICE),
    ]
