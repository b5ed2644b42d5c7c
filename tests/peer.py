"""The cast: how Alice, Bob and Charlie speak to a server, over REST and over a socket.

All that a server ever told them is kept as raw text (`rest.answers`, `peer.frames`), to be
searched for secrets.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self, TypeAlias
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.process import ServerProcess

PATIENCE = 10.0  # seconds: how long anything expected may take on a busy machine
ABNORMAL = 1006

Frame: TypeAlias = dict[str, Any]


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: Any


class Rest:
    """`status, headers, body = Rest(server).post("/api/rooms/create/", {...})`."""

    def __init__(self, server: ServerProcess | str) -> None:
        url = server if isinstance(server, str) else server.url
        self._address = urlsplit(url).netloc
        self.answers: list[str] = []

    def get(self, path: str, **more: Any) -> Answer:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> Answer:
        return self.ask("POST", path, body, **more)

    def delete(self, path: str, body: object = None, **more: Any) -> Answer:
        return self.ask("DELETE", path, body, **more)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A `body` of bytes or text goes out as it is, others as JSON; `key` as a Bearer token."""
        raw = body if isinstance(body, bytes | str | None) else json.dumps(body)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        connection = http.client.HTTPConnection(self._address, timeout=PATIENCE)
        try:
            connection.request(method, path, raw, sent)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        self.answers.append(f"{response.headers}{text}")
        return Answer(response.status, response.headers, _parsed(text))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@dataclass(frozen=True)
class Seat:
    """What REST hands to who creates or joins a room."""

    room: dict[str, Any]
    user: dict[str, Any]
    websocket_url: str

    @property
    def room_id(self) -> str:
        return str(self.room["id"])

    @property
    def key(self) -> str:
        return str(self.user["id"])

    @property
    def public_id(self) -> str:
        return str(self.user["public_id"])

    @property
    def name(self) -> str:
        return str(self.user["name"])


def create_room(server: ServerProcess | str, **body: object) -> Seat:
    wish = {"room_name": "Movie Night", "user_name": "Alice"} | body
    return _seat(Rest(server).post("/api/rooms/create/", wish), http.client.CREATED)


def join_room(server: ServerProcess | str, room_id: str, name: str, **body: object) -> Seat:
    wish = {"room_id": room_id, "user_name": name} | body
    return _seat(Rest(server).post("/api/rooms/join/", wish), http.client.OK)


def _seat(answer: Answer, status: int) -> Seat:
    assert answer.status == status, answer.body
    return Seat(answer.body["room"], answer.body["user"], answer.body["websocket_url"])


@dataclass
class Peer:
    """One socket of a member, read in order: what `expect` passes over stays in `frames` only."""

    connection: ClientConnection
    key: str | None = None
    seat: Seat | None = None
    frames: list[str] = field(default_factory=list)

    @classmethod
    async def connect(
        cls,
        server: ServerProcess,
        room_id: str,
        *,
        origin: str | None = None,
        subprotocols: Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """An open socket that has not joined yet. A refused handshake raises InvalidStatus."""
        connection = await connect(
            f"{server.ws_url}/ws/room/{room_id}/",
            origin=origin,  # type: ignore[arg-type]
            subprotocols=subprotocols,  # type: ignore[arg-type]
            additional_headers=headers,
            compression=None,
            max_size=None,
            max_queue=None,  # else what a test leaves unread holds up the closing handshake
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
            proxy=None,
        )
        return cls(connection)

    @property
    def public_id(self) -> str:
        assert self.seat, "this peer did not come over REST"
        return self.seat.public_id

    @property
    def subprotocol(self) -> str | None:
        return self.connection.subprotocol

    async def take(self, seat: Seat) -> Frame:
        """Join with what REST handed out."""
        self.seat = seat
        return await self.join(seat.key, seat.name)

    async def join(
        self, key: str, name: str | None = None, password: str | None = None, **data: object
    ) -> Frame:
        """The first frame; answers with the room as `room_update` shows it."""
        self.key = key
        given = {"userName": name, "password": password} | data
        await self._frame("join", {k: v for k, v in given.items() if v is not None})
        room: Frame = (await self.expect("room_update"))["data"]
        return room

    async def send(self, kind: str, /, *, command_id: str | None = None, **data: object) -> None:
        """A frame as the contract writes it; `command_id` is the envelope's `id` of protocol 2."""
        await self._frame(kind, data, command_id)

    async def _frame(self, kind: str, data: Frame, command_id: str | None = None) -> None:
        envelope = {"type": kind, "userId": self.key, "data": data, "id": command_id}
        await self.raw(json.dumps({k: v for k, v in envelope.items() if v is not None}))

    async def raw(self, message: str | bytes) -> None:
        await self.connection.send(message)

    async def read(self) -> Frame:
        """The next frame, whatever it is."""
        message = await self.connection.recv()
        text = message if isinstance(message, str) else message.decode()
        self.frames.append(text)
        frame: Frame = json.loads(text)
        return frame

    async def expect(self, kind: str, /, **matches: object) -> Frame:
        """Read on until a frame of this type has these values (in its data or its envelope)."""
        start = len(self.frames)
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    frame = await self.read()
                    if frame["type"] == kind and _has(frame, matches):
                        return frame
        except TimeoutError:
            why = f"not within {PATIENCE:.0f} s"
        except ConnectionClosed as closed:
            why = f"closed: {closed}"
        raise AssertionError(f"no {kind} {matches or ''}, {why}; came: {self.frames[start:]}")

    async def expect_error(self, code: str) -> Frame:
        """The next error, which has to be this one."""
        frame = await self.expect("error")
        assert frame["data"]["code"] == code, frame
        return frame

    async def nothing_until(
        self, marker: str = "heartbeat", *, of: str | Sequence[str] = ()
    ) -> Frame:
        """Read on until `marker`, and be sure that nothing (`of` these types) came before it.

        The heartbeat is sent here. It is answered at once, before a command that is being
        committed: to prove that a command has no event, let a later event be the marker.
        """
        if marker == "heartbeat":
            await self.send("heartbeat")
        start = len(self.frames)
        frame = await self.expect(marker)
        between = [json.loads(text) for text in self.frames[start:-1]]
        unwanted = [of] if isinstance(of, str) else list(of)
        came = [one for one in between if not unwanted or one["type"] in unwanted]
        assert not came, f"came before the {marker}: {came}"
        return frame

    def seen(self, kind: str) -> list[Frame]:
        """All frames of a type that were read so far, in order."""
        return [frame for text in self.frames if (frame := json.loads(text))["type"] == kind]

    async def closed(self) -> int:
        """Wait until the server closes, and answer its close code."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    await self.read()
        except TimeoutError:
            raise AssertionError(f"still open after {PATIENCE:.0f} s: {self.frames[-5:]}") from None
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else ABNORMAL

    async def leave(self) -> None:
        """Give up the place, and go."""
        await self.send("leave")
        await self.close()

    async def close(self) -> None:
        await self.connection.close()

    async def abort(self) -> None:
        """Vanish without a word, as a lost network does."""
        self.connection.transport.abort()
        await self.connection.wait_closed()


def _has(frame: Frame, matches: Mapping[str, object]) -> bool:
    told = frame | frame.get("data", {})
    return all(name in told and told[name] == value for name, value in matches.items())


async def handshake_status(server: ServerProcess, room_id: str, **wishes: Any) -> int:
    """The HTTP status of a handshake: 101 when it is let in, mostly 403 when not."""
    try:
        peer = await Peer.connect(server, room_id, **wishes)
    except InvalidStatus as refusal:
        return refusal.response.status_code
    await peer.close()
    return http.client.SWITCHING_PROTOCOLS
