"""A room to be shown: encoded once, and a judge of who is in it."""

from __future__ import annotations

import json
from uuid import uuid4

from msgspec.structs import replace

from syncplay_backend.live.frames import text_of
from syncplay_backend.services.snapshot import Snapshot
from tests.services.stage import open_room

NOW = 1_790_000_000_000


def test_it_shows_the_room_as_of_its_instant() -> None:
    stage = open_room()
    shown = json.loads(text_of(Snapshot(stage.state, NOW).frame))
    assert shown["type"] == "room_update"
    assert (shown["data"]["seq"], shown["data"]["server_time"]) == (stage.state.seq, NOW)
    assert [user["name"] for user in shown["data"]["users"]] == ["Alice"]


def test_it_is_encoded_once() -> None:
    snapshot = Snapshot(open_room().state, NOW)
    assert snapshot.frame is snapshot.frame


def test_a_connection_is_in_it_with_its_member() -> None:
    stage = open_room()
    bob, tab = stage.join("Bob"), stage.enter(stage.alice)
    snapshot = Snapshot(stage.state, NOW)
    assert snapshot.has_in_it(tab, stage.alice.id)
    assert not snapshot.has_in_it(tab, bob.id)
    assert not snapshot.has_in_it(uuid4(), stage.alice.id)
    assert not snapshot.has_in_it(tab, uuid4())


def test_nobody_is_in_a_room_that_is_closed() -> None:
    stage = open_room()
    tab = stage.enter(stage.alice)
    closed = Snapshot(replace(stage.state, closed_at=NOW), NOW)
    assert not closed.has_in_it(tab, stage.alice.id)
