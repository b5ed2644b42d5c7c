"""Rooms over REST: make one, or take a place in one before connecting."""

import asyncio
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec
from msgspec import Struct

from syncplay_client import addresses
from syncplay_client.frames import ErrorData
from syncplay_client.happenings import Refused

PATIENCE = 10.0  # s
LARGEST_ANSWER = 16 * 1024 * 1024


class Seat(Struct, frozen=True):
    """A place in a room. The key is its secret: whoever has it is this member."""

    room_id: str
    name: str
    key: str
    public_id: str
    is_host: bool


class _User(Struct):
    id: str
    name: str
    public_id: str = ""
    is_host: bool = False


class _Room(Struct):
    id: str


class _Answer(Struct):
    room: _Room
    user: _User


class _Failure(Struct):
    code: str = "unknown"
    message: str = ""


async def create_room(url: str, room_name: str, user_name: str, **options: Any) -> Seat:
    """Open a room and be its host. `options`: `video_url`, `password`, `visibility`, …"""
    wish = {"room_name": room_name, "user_name": user_name} | options
    return await _take_seat(url, "rooms/create/", wish)


async def join_room(url: str, room_id: str, user_name: str, *, password: str | None = None) -> Seat:
    """Take a place in a room. `connect` with a name does that too, and needs no REST."""
    wish = {"room_id": room_id, "user_name": user_name}
    return await _take_seat(url, "rooms/join/", wish | ({"password": password} if password else {}))


async def _take_seat(url: str, path: str, wish: dict[str, Any]) -> Seat:
    address = addresses.parse(url)
    body = await asyncio.to_thread(_post, f"{address.rest_url}/{path}", msgspec.json.encode(wish))
    answer = msgspec.json.decode(body, type=_Answer)
    user = answer.user
    return Seat(answer.room.id, user.name, user.id, user.public_id, user.is_host)


def _post(url: str, body: bytes) -> bytes:
    request = Request(url, data=body, headers={"Content-Type": "application/json"}, method="POST")
    try:
        with urlopen(request, timeout=PATIENCE) as response:
            return bytes(response.read(LARGEST_ANSWER))
    except HTTPError as error:
        with error:
            raise Refused(_reason(error)) from None


def _reason(error: HTTPError) -> ErrorData:
    try:
        failure = msgspec.json.decode(error.read(LARGEST_ANSWER), type=_Failure)
    except msgspec.MsgspecError:
        failure = _Failure(message=f"HTTP {error.code}")
    return ErrorData(error=failure.message, code=failure.code)
