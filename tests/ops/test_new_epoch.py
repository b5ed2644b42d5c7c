"""`manage.py new_epoch`: the database is another one than clients knew."""

import io
from uuid import UUID

import pytest
from django.core.management import call_command

from syncplay_backend.rooms import attic
from syncplay_backend.rooms.models import Room
from tests.api.database import in_database
from tests.conftest import GiveParty
from tests.peer import Seat, create_room
from tests.process import ServerProcess


def begin() -> str:
    said = io.StringIO()
    call_command("new_epoch", stdout=said)
    return said.getvalue()


def epoch(seat: Seat) -> UUID:
    return Room.objects.get(id=seat.room_id).epoch


def test_every_room_has_another_epoch(
    server: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attic, "AT_ONCE", 2)
    seats = [create_room(server) for _ in range(5)]
    before = [epoch(seat) for seat in seats]
    assert f"new epoch in {Room.objects.count()} rooms" in begin()
    after = [epoch(seat) for seat in seats]
    assert not set(before) & set(after)


async def test_who_is_connected_reads_the_room_afresh(
    server: ServerProcess, party: GiveParty
) -> None:
    there = await party(server)
    await in_database(begin)
    room = await in_database(lambda: Room.objects.get(id=there.room_id))
    fresh = str(room.epoch)
    await there.bob.expect("room_update", epoch=fresh)
    await there.alice.expect("room_update", epoch=fresh)
