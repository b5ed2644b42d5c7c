"""One socket, from the handshake to its end.

`receive` never waits for a commit: a command is handed on, and its answer goes to the outbox when
it comes. Else pings, heartbeats and whatever follows would starve behind the database.
"""

import asyncio
import logging
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from syncplay_backend.domain import limits, wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused, room_not_found, server_error
from syncplay_backend.domain.fields import Key
from syncplay_backend.services import players, visits
from syncplay_backend.services.visits import Caller, Line, Outbox
from syncplay_backend.ws.answers import too_many
from syncplay_backend.ws.flood import FloodGate
from syncplay_backend.ws.line import wire_of
from syncplay_backend.ws.origin import Receive, Scope, Send
from syncplay_backend.ws.seat import Seat

logger = logging.getLogger(__name__)

LOOK_AFTER = 0.25  # seconds


class RoomSocket:
    def __init__(self, room_id: UUID, scope: Scope, receive: Receive, send: Send) -> None:
        self._loop = asyncio.get_running_loop()
        self._receive = receive
        self._wire = wire_of(scope, send)
        self._outbox = Outbox(send, self._wire)
        client = scope.get("client")
        address = client[0] if client else ""
        self._line = Line(self._outbox, self._wire.round_trip)
        self._line.heard_at = self._wire.heard_at
        self._caller = Caller(room_id, address, self._line)
        self._gate = FloodGate()
        self._seat: Seat | None = None
        self._entering: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._early: list[wire.Said] = []  # between the join and its answer

    async def converse(self) -> None:
        """Answer frames until the socket is gone."""
        too_late = self._loop.call_later(limits.JOIN_SECONDS, self._end_if_not_joined)
        looking = self._loop.call_later(LOOK_AFTER, self._look_for_room)
        self._wire.listen(self._hear_text)
        try:
            while (message := await self._receive())["type"] != "websocket.disconnect":
                self._hear(message)
        finally:
            too_late.cancel()
            looking.cancel()
            self._go()

    def _go(self) -> None:
        self._outbox.discard()
        for task in (self._entering, self._looking):
            if task is not None:
                task.cancel()
        if self._seat is not None:
            visits.drop(self._seat.visit)

    def _end_if_not_joined(self) -> None:
        if self._seat is None:
            late = "Send a join frame within 10 seconds of connecting."
            self._end(Refused(Code.NOT_JOINED, late), Close.NOT_JOINED)

    def _look_for_room(self) -> None:
        """Who says nothing is told early that there is no such room; who joins is told by that."""
        if self._seat is None and self._entering is None:
            self._looking = self._loop.create_task(self._find_room())

    async def _find_room(self) -> None:
        try:
            is_there = await visits.exists(self._caller.room_id)
        except Exception as error:  # the database is away: the join will tell
            logger.warning("could not look for a room: %r", error)
            return
        if not is_there:
            self._end(room_not_found(), Close.NO_SUCH_ROOM)

    def _end(self, why: Refused, close: Close) -> None:
        self._outbox.put(wire.error(why))
        self._outbox.close(close)

    def _hear(self, message: MutableMapping[str, Any]) -> None:
        self._hear_text(message.get("text"))

    def _hear_text(self, text: str | None) -> None:
        self._line.heard_at = self._wire.heard_at
        try:
            self._read(wire.open_envelope(self._gate.admit(text)))
        except FloodGate.Shut as shut:
            self._end(shut.why, shut.close)
        except Refused as refused:
            self._outbox.put(wire.error(refused))
        except Exception:  # the edge: one frame's failure is not the socket's end
            logger.exception("a frame could not be handled")
            self._outbox.put(wire.error(server_error()))

    def _read(self, envelope: wire.Envelope) -> None:
        try:
            said = wire.decode(envelope)
        except Refused as refused:
            self._outbox.put(wire.error(refused, envelope.id))
        else:
            self._obey(said)

    def _obey(self, said: wire.Said) -> None:
        try:
            self._take(said)
        except Refused as refused:
            self._outbox.put(wire.error(refused, said.id))

    def _take(self, said: wire.Said) -> None:
        if self._seat is not None:
            self._seat.make_sure_of(said.key)
        match said.what:
            case wire.HeartbeatFrame():
                self._outbox.put(players.heartbeat())
            case wire.TimeFrame(t0):
                self._outbox.put(players.time(t0, heard_at=self._line.heard_at))
            case _ if self._seat is not None:
                self._seat.obey(said)
            case _ if self._entering is not None:
                self._keep_for_later(said)
            case wire.JoinFrame() as wish:
                entering = self._enter(wish, _required(said.key), said.id)
                self._entering = self._loop.create_task(entering)
            case _:
                raise Refused(Code.NOT_JOINED, "Send a join frame first.")

    def _keep_for_later(self, said: wire.Said) -> None:
        if len(self._early) >= limits.COMMANDS_IN_FLIGHT:
            raise too_many()
        self._early.append(said)

    async def _enter(self, wish: wire.JoinFrame, key: Key, ref: str | None) -> None:
        try:
            self._seat = Seat(await visits.enter(self._caller, key, wish), key)
        except Refused as refused:
            self._refuse_entry(refused, ref)
        except Exception:
            logger.exception("a join failed")
            self._outbox.put(wire.error(server_error()))
        finally:
            self._entering = None
        early, self._early = self._early, []
        for said in early:
            self._obey(said)

    def _refuse_entry(self, refused: Refused, ref: str | None) -> None:
        self._outbox.put(wire.error(refused, ref))
        if (close := _CLOSED_FOR.get(refused.code)) is not None:
            self._outbox.close(close)


_CLOSED_FOR = {
    Code.ROOM_NOT_FOUND: Close.NO_SUCH_ROOM,
    Code.ROOM_CLOSED: Close.ROOM_CLOSED,
    Code.BANNED: Close.NOT_ALLOWED,
}


def _required(key: Key | None) -> Key:
    if key is None:
        missing = ["This field is required."]
        raise Refused(
            Code.INVALID,
            "userId: send the key that REST gave you, or a fresh random UUID.",
            errors={"userId": missing},
        )
    return key


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of `ws/room/{room_id}/`."""
    await _accept(scope, receive, send)
    try:
        room_id = UUID(scope["url_route"]["kwargs"]["room_id"])
    except ValueError:
        await _turn_away(send)
    else:
        await RoomSocket(room_id, scope, receive, send).converse()


async def serve_nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of every other path."""
    await _accept(scope, receive, send)
    await _turn_away(send)


async def _accept(scope: Scope, receive: Receive, send: Send) -> None:
    """Browsers break off when they offered subprotocols and none was chosen."""
    await receive()
    offered = scope.get("subprotocols") or [None]
    await send({"type": "websocket.accept", "subprotocol": offered[0]})


async def _turn_away(send: Send) -> None:
    await send({"type": "websocket.send", "text": wire.error(room_not_found())})
    await send({"type": "websocket.close", "code": int(Close.NO_SUCH_ROOM)})
