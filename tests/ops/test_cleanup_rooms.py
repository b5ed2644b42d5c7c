"""`manage.py cleanup_rooms`."""

import io
import os
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Message, Room, RoomSession, User
from tests.api.database import in_database
from tests.conftest import Connect
from tests.ops.browser import Browser, make_admin
from tests.ops.command_line import manage
from tests.peer import Rest, Seat, create_room, join_room
from tests.process import ServerProcess

HOUR = 3_600_000


def make_old(seat: Seat, *, created: float, active: float | None = None) -> None:
    """As if the room had been created, and last been active, so many hours ago."""
    active_at = round(time.time() * 1000 - HOUR * (created if active is None else active))
    created_at = datetime.now(UTC) - timedelta(hours=created)
    Room.objects.filter(id=seat.room_id).update(
        created_at=created_at, active_at=active_at, stamp=new_stamp()
    )


def clean_up(*arguments: str) -> str:
    said = io.StringIO()
    call_command("cleanup_rooms", *arguments, stdout=said)
    return said.getvalue()


def is_there(seat: Seat) -> bool:
    return Room.objects.filter(id=seat.room_id).exists()


@pytest.fixture
def seat(server: ServerProcess) -> Seat:
    seat = create_room(server, room_name=f"Old times {uuid4().hex[:6]}")
    join_room(server, seat.room_id, "Bob")
    return seat


def test_an_old_room_goes_with_all_that_was_in_it(seat: Seat, server: ServerProcess) -> None:
    make_old(seat, created=25)
    assert f"Deleted room {seat.room_id} {seat.room['name']}\n" in clean_up()
    assert not is_there(seat)
    for kind in (User, Message, RoomSession):
        assert not kind._default_manager.filter(room_id=seat.room_id).exists()
    assert Rest(server).get(f"/api/rooms/{seat.room_id}/").status == 404
    assert seat.room_id not in clean_up()


def test_a_dry_run_deletes_nothing_and_tells_the_same(seat: Seat) -> None:
    make_old(seat, created=25)
    said = clean_up("--dry-run")
    assert f"Would delete room {seat.room_id} {seat.room['name']}\n" in said
    assert re.search(r"^Would delete \d+ rooms? and \d+ stale sessions?\.$", said, re.M)
    assert is_there(seat)
    assert User.objects.filter(room_id=seat.room_id).count() == 2
    assert f"Deleted room {seat.room_id}" in clean_up()


def test_a_young_room_stays(seat: Seat) -> None:
    make_old(seat, created=23)
    assert seat.room_id not in clean_up()
    assert is_there(seat)


def test_an_old_room_in_which_something_happened_stays(seat: Seat) -> None:
    make_old(seat, created=100, active=1)
    assert seat.room_id not in clean_up()
    assert is_there(seat)


def test_the_hours_can_be_chosen(seat: Seat) -> None:
    make_old(seat, created=0.6)
    assert seat.room_id not in clean_up("--hours", "0.7")
    assert f"Deleted room {seat.room_id}" in clean_up("--hours", "0.5")


async def test_never_a_room_in_use(seat: Seat, server: ServerProcess, connect: Connect) -> None:
    alice = await connect(server, seat)
    await in_database(lambda: make_old(seat, created=100))
    assert seat.room_id not in await in_database(lambda: clean_up("--dry-run"))
    assert seat.room_id not in await in_database(clean_up)
    assert await in_database(lambda: is_there(seat))
    await alice.nothing_until("heartbeat", of=["error", "room_update"])


def test_a_room_that_an_operator_closed_goes_too(seat: Seat, server: ServerProcess) -> None:
    Browser.of(server, make_admin()).post(
        "/admin/rooms/room/", action="close_rooms", _selected_action=seat.room_id, index="0"
    )
    assert Room.objects.get(id=seat.room_id).closed_at
    make_old(seat, created=25)
    assert f"Deleted room {seat.room_id}" in clean_up()
    assert not is_there(seat)


def leave_a_stale_session(seat: Seat) -> RoomSession:
    """What a process leaves behind that was killed an hour ago."""
    User.objects.filter(id=seat.public_id).update(is_online=True, key_used=True, away_until=None)
    then = datetime.now(UTC) - timedelta(hours=1)
    return RoomSession.objects.create(
        room_id=seat.room_id,
        user_id=seat.public_id,
        channel_name=f"syncplay.{uuid4().hex}",
        connected_at=then,
        last_activity=then,
        lease_until=round(then.timestamp() * 1000),
    )


def test_a_session_that_nobody_renews_ends(seat: Seat) -> None:
    session = leave_a_stale_session(seat)
    clean_up("--dry-run")
    said = clean_up()
    assert "stale session" in said
    assert not RoomSession.objects.filter(id=session.id).exists()
    alice = User.objects.get(id=seat.public_id)
    assert not alice.is_online
    assert alice.away_until, "she is given the grace to come back"


def test_a_dry_run_and_the_run_agree_on_a_room_with_a_stale_session(seat: Seat) -> None:
    leave_a_stale_session(seat)
    make_old(seat, created=25)
    would = f"room {seat.room_id}" in clean_up("--dry-run")
    did = f"room {seat.room_id}" in clean_up()
    assert would == did == (not is_there(seat))


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "inf", "1e300", "soon"])
def test_hours_that_make_no_sense_are_refused(hours: str) -> None:
    with pytest.raises(CommandError, match="hours"):
        clean_up(f"--hours={hours}")


def test_the_command_line_says_so_too(seat: Seat, tmp_path: Path) -> None:
    make_old(seat, created=25)
    done = manage(tmp_path, "cleanup_rooms", env=os.environ)
    assert done.returncode == 0, done.stderr
    assert f"Deleted room {seat.room_id}" in done.stdout
    assert re.search(r"^Deleted \d+ rooms? and \d+ stale sessions?\.$", done.stdout, re.M)


def test_a_database_without_tables_is_no_traceback(tmp_path: Path) -> None:
    failed = manage(tmp_path, "cleanup_rooms")
    assert failed.returncode == 1
    assert "The database failed: no such table" in failed.stderr
    assert "Traceback" not in failed.stderr
