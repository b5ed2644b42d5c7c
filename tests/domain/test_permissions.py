import pytest

from syncplay_backend.domain.people import Role
from syncplay_backend.domain.permissions import may_control
from syncplay_backend.domain.policy import Control, Settings
from tests.domain.cast import ALICE, BOB, member, movie_night, with_member


@pytest.mark.parametrize("control", Control)
def test_the_host_controls_whatever_the_settings_say(control):
    room = movie_night(settings=Settings(control=control))

    assert may_control(room, member(room, ALICE))


@pytest.mark.parametrize(
    ("control", "role", "allowed"),
    [
        (Control.HOST, Role.MEMBER, False),
        (Control.HOST, Role.MODERATOR, False),
        (Control.MODERATORS, Role.MEMBER, False),
        (Control.MODERATORS, Role.MODERATOR, True),
        (Control.EVERYONE, Role.MEMBER, True),
        (Control.EVERYONE, Role.MODERATOR, True),
    ],
)
def test_the_others_control_as_the_settings_say(control, role, allowed):
    room = with_member(movie_night(settings=Settings(control=control)), BOB, role=role)

    assert may_control(room, member(room, BOB)) is allowed


def test_in_a_new_room_only_the_host_controls():
    room = movie_night()

    assert not may_control(room, member(room, BOB))


def test_without_a_host_nobody_is_the_host():
    room = movie_night(host_id=None)

    assert not any(may_control(room, who) for who in room.members.values())
