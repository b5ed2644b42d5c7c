"""The list of public rooms: newest first, by pages that do not shift."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils.timezone import now as right_now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.state import Visibility
from syncplay_backend.rooms import listing
from syncplay_backend.rooms.instants import to_ms
from syncplay_backend.rooms.models import Room
from tests.services.stage import Stage, open_room

HOUR = 3_600_000


def page(limit: int = 100_000, before: str | None = None) -> tuple[list[UUID], str | None]:
    now = to_ms(right_now())
    return listing.page(limit, before, active_since=now - HOUR, now=now)


def is_listed(stage: Stage) -> bool:
    return stage.room_id in page()[0]


def test_a_room_in_which_something_happened_is_listed_newest_first() -> None:
    older, newer = open_room(), open_room()
    older.age(1_000)
    ids, _ = page()
    assert ids.index(newer.room_id) < ids.index(older.room_id)


@pytest.mark.parametrize("visibility", [Visibility.UNLISTED, Visibility.PRIVATE])
def test_only_public_rooms_are_listed(visibility: Visibility) -> None:
    assert not is_listed(open_room(visibility=visibility))


def test_a_closed_room_is_not_listed() -> None:
    stage = open_room()
    assert is_listed(stage)
    stage.give(c.Close())
    assert not is_listed(stage)


def test_a_quiet_room_is_listed_only_while_somebody_is_connected() -> None:
    stage = open_room()
    tab = stage.enter(stage.alice)
    stage.age(HOUR + 1)
    assert is_listed(stage)
    stage.give(c.Disconnect(tab), stage.alice.actor)
    stage.age(HOUR + 1)
    assert not is_listed(stage)


def test_pages_follow_each_other_while_rooms_are_created() -> None:
    wanted = [open_room().room_id for _ in range(6)]
    seen: list[UUID] = []
    cursor = None
    while not set(wanted) <= set(seen):
        ids, cursor = page(2, cursor)
        seen += ids
        open_room()
        assert cursor or set(wanted) <= set(seen)
    assert len(seen) == len(set(seen))
    rows = Room.objects.filter(id__in=wanted).order_by("-created_at", "-id")
    assert [id for id in seen if id in wanted] == list(rows.values_list("id", flat=True))


def test_rooms_of_the_same_instant_are_told_apart() -> None:
    stages = [open_room() for _ in range(4)]
    same = stages[0].row.created_at
    for stage in stages:
        row = stage.row
        row.created_at = same
        row.save()
    ids, cursor = page(200)
    first = min(ids.index(stage.room_id) for stage in stages)
    _, cursor = page(first + 2) if first else page(2)
    assert cursor
    rest, _ = page(200, cursor)
    among = [id for id in rest if id in {stage.room_id for stage in stages}]
    assert len(among) == 2


def test_the_last_page_has_no_cursor() -> None:
    open_room()
    ids, cursor = page(10_000)
    assert ids
    assert cursor is None


@given(st.text(max_size=60))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        page(2, text)
    assert caught.value.code is Code.INVALID
    assert "before" in (caught.value.errors or {})


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "é", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OS54"])
def test_an_invented_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Refused) as caught:
        page(2, cursor)
    assert caught.value.code is Code.INVALID
