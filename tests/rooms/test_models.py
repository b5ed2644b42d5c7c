"""The tables: the contract's fields, what the database refuses, and who sets the instants."""

from __future__ import annotations

import io
import time
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.models import Message, Room, RoomSession, User

NOW = round(time.time() * 1000)
ROOMS = apps.get_app_config("rooms")

CONTRACT = {
    Room: "id name host_id current_video_url current_video_title current_position is_playing "
    "created_at",
    User: "id room name is_host is_online joined_at",
    Message: "id room user_id message_type data timestamp",
    RoomSession: "room user_id channel_name connected_at last_activity",
}


def a_room(**fields: Any) -> Room:
    return Room.objects.create(
        **{"name": "Movie Night", "created_at": to_datetime(NOW), "active_at": NOW} | fields
    )


def a_user(room: Room, name: str = "Alice", **fields: Any) -> User:
    given = {"name_key": name.casefold(), "role": "member", "key_hash": uuid4().bytes}
    return User.objects.create(room=room, name=name, joined_at=to_datetime(NOW), **given | fields)


def an_event(room: Room, seq: int, **fields: Any) -> Message:
    given = {"message_type": "seek", "data": {}, "timestamp": to_datetime(NOW)} | fields
    return Message.objects.create(room=room, seq=seq, **given)


def a_session(user: User, **fields: Any) -> RoomSession:
    at = to_datetime(NOW)
    given = {"channel_name": "here", "connected_at": at, "last_activity": at, "lease_until": NOW}
    return RoomSession.objects.create(room=user.room, user=user, **given | fields)


@pytest.mark.parametrize(("model", "names"), CONTRACT.items())
def test_every_field_of_the_contract_is_there(model: type[models.Model], names: str) -> None:
    there = {name for f in model._meta.get_fields() for name in (f.name, getattr(f, "attname", ""))}
    assert set(names.split()) <= there


@pytest.mark.parametrize("model", CONTRACT)
def test_ids_are_uuids(model: type[models.Model]) -> None:
    assert isinstance(model._meta.pk, models.UUIDField)


@pytest.mark.parametrize("model", CONTRACT)
def test_no_auto_now_the_road_sets_every_instant(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        assert not getattr(field, "auto_now", False), field
        assert not getattr(field, "auto_now_add", False), field
        default = getattr(field, "db_default", models.NOT_PROVIDED)
        assert default is models.NOT_PROVIDED, f"{field}: the database sets it"


def test_makemigrations_says_no_changes() -> None:
    told = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=told)
    assert told.getvalue() == "No changes detected\n"


def test_a_name_is_taken_once_in_a_room_and_free_in_another() -> None:
    room = a_room()
    a_user(room, "Alice")
    a_user(a_room(), "Alice")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_user(room, "ALICE")


def test_a_key_is_one_member_in_a_room_and_another_in_another() -> None:
    room, key_hash = a_room(), uuid4().bytes
    a_user(room, "Alice", key_hash=key_hash)
    a_user(a_room(), "Alice", key_hash=key_hash)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_user(room, "Bob", key_hash=key_hash)


def test_a_room_has_one_host() -> None:
    room = a_room()
    a_user(room, "Alice", is_host=True)
    a_user(room, "Bob")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_user(room, "Charlie", is_host=True)


def test_an_event_has_a_seq_of_its_own() -> None:
    room = a_room()
    an_event(room, 1)
    an_event(a_room(), 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        an_event(room, 1)


def test_nobody_is_active_before_it_is_connected() -> None:
    alice = a_user(a_room())
    with pytest.raises(IntegrityError), transaction.atomic():
        a_session(alice, last_activity=to_datetime(NOW - 1))


def test_a_session_is_of_a_member_and_goes_with_it() -> None:
    alice = a_user(a_room())
    a_session(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        _give_to_nobody(alice)
    alice.delete()
    assert not RoomSession.objects.filter(room=alice.room).exists()


def _give_to_nobody(user: User) -> None:
    RoomSession.objects.filter(user=user).update(user_id=uuid4())
    connection.check_constraints()


def test_the_log_outlives_who_wrote_it() -> None:
    alice = a_user(a_room())
    event = an_event(alice.room, 1, user_id=alice.id)
    User.objects.filter(id=alice.id).delete()
    event.refresh_from_db()
    assert event.user_id == alice.id


def test_a_room_takes_everything_of_it_with_it() -> None:
    alice = a_user(a_room())
    a_session(alice)
    an_event(alice.room, 1)
    room_id = alice.room.id
    alice.room.delete()
    for model in (User, Message, RoomSession):
        assert not model._default_manager.filter(room_id=room_id).exists()


def test_everything_has_a_name_for_people() -> None:
    alice = a_user(a_room())
    texts = [str(thing) for thing in (alice.room, alice, an_event(alice.room, 3), a_session(alice))]
    assert texts == ["Movie Night", "Alice", "3 seek", f"{alice.id} on here"]
    assert ROOMS.verbose_name == "SyncPlay"


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("rooms_roomsession", ["lease_until"]),
        ("rooms_roomsession", ["channel_name"]),
        ("rooms_roomsession", ["room_id"]),
        ("rooms_user", ["away_until"]),
        ("rooms_user", ["room_id", "key_hash"]),
        ("rooms_message", ["room_id", "seq"]),
        ("rooms_room", ["created_at", "id"]),
    ],
)
def test_what_is_asked_for_often_has_an_index(table: str, columns: list[str]) -> None:
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, table).values()
    assert columns in [one["columns"] for one in there if one["index"] or one["unique"]]
