"""What has happened in a room, for whoever may see it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Key
from syncplay_backend.domain.state import Visibility
from syncplay_backend.rooms.log import Wanted
from syncplay_backend.services import history
from tests.services.stage import open_room

EVERYTHING = Wanted(limit=50)


def test_the_history_of_a_public_room_is_for_everybody() -> None:
    stage = open_room()
    stage.seek(5)
    kept = history.messages(stage.room_id, None, EVERYTHING)
    assert [(one.entry.seq, one.entry.type) for one in kept] == [(1, "user_joined"), (2, "seek")]


@pytest.mark.parametrize(
    "closed_to_strangers", [{"visibility": Visibility.PRIVATE}, {"password_hash": "some hash"}]
)
def test_the_history_of_a_room_that_is_not_open_is_for_its_members(
    closed_to_strangers: dict,
) -> None:
    stage = open_room(**closed_to_strangers)
    assert history.messages(stage.room_id, stage.alice.key, EVERYTHING)
    for stranger in (None, Key(uuid4()), open_room().alice.key):
        with pytest.raises(Refused) as caught:
            history.messages(stage.room_id, stranger, EVERYTHING)
        assert caught.value.code is Code.UNKNOWN_USER


def test_a_room_that_is_not_there_has_no_history() -> None:
    with pytest.raises(Refused) as caught:
        history.messages(uuid4(), None, EVERYTHING)
    assert caught.value.code is Code.ROOM_NOT_FOUND
