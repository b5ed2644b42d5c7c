import pytest

from syncplay_backend.domain.people import Connection, Member, State
from tests.domain.cast import BOB, NOW, a_uuid

U, R, B, X, H = State.UNKNOWN, State.READY, State.BUFFERING, State.BLOCKED, State.HIDDEN


def bob_at(*states):
    tabs = (Connection(a_uuid(), "this process", NOW, NOW + 1, state=state) for state in states)
    return Member(BOB, "Bob", b"", NOW, connections=tuple(tabs))


@pytest.mark.parametrize("states", [[B], [B, B], [B, U], [B, H], [B, X], [U, B]])
def test_who_is_short_of_video_wherever_it_watches_is_short_of_video(states):
    assert bob_at(*states).is_buffering


@pytest.mark.parametrize("states", [[], [U], [R], [H], [X], [B, R], [R, B], [R, H], [X, H, U]])
def test_who_is_ready_somewhere_or_watches_nowhere_is_not(states):
    assert not bob_at(*states).is_buffering


def test_a_new_player_has_said_nothing():
    assert Connection(a_uuid(), "this process", NOW, NOW + 1).state is State.UNKNOWN
