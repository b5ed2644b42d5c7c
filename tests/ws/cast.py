"""What Alice, Bob and Charlie do at a socket, beyond what every peer does."""

from typing import Any
from uuid import UUID, uuid4

from channels.db import database_sync_to_async

from syncplay_backend.domain import commands as c
from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Room, User
from syncplay_backend.services.execute import answered, submit
from tests.peer import Frame, Peer


def fresh_key() -> str:
    return str(uuid4())


async def ask_to_join(peer: Peer, key: str | None, name: str | None = None, **data: object) -> None:
    """Send the join frame, and leave the answer to be read."""
    peer.key = key
    wish = data if name is None else {"userName": name, **data}
    await peer.send("join", command_id=None, **wish)


def member(room: Frame, public_id: str) -> dict[str, Any]:
    """One of the `users` of a room."""
    return next(user for user in room["users"] if user["id"] == public_id)


def named(room: Frame, name: str) -> dict[str, Any]:
    return next(user for user in room["users"] if user["name"] == name)


def names(room: Frame) -> list[str]:
    return [user["name"] for user in room["users"]]


async def close_room(room_id: str) -> None:
    """End a room from another process, as an operator does."""
    await answered(submit(UUID(room_id), c.Close()))


async def change_member(public_id: str, **columns: object) -> None:
    """Let time pass for a member: set what its row remembers."""

    def change() -> None:
        assert User.objects.filter(id=public_id).update(**columns) == 1
        Room.objects.filter(users=public_id).update(stamp=new_stamp())

    await database_sync_to_async(change)()


async def stored_room(room_id: str) -> Room:
    room: Room = await database_sync_to_async(Room.objects.get)(id=room_id)
    return room
