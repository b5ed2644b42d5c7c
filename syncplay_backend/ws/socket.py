"""One socket, from the handshake to its end.

`receive` never waits for a commit: a command is handed on, and its answer goes to the outbox when
it comes. Else pings, heartbeats and whatever follows would starve behind the database.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, MutableMapping
from concurrent.futures import Future
from functools import partial
from typing import Any
from uuid import UUID

from syncplay_backend.domain import limits, wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused, room_not_found, server_error
from syncplay_backend.domain.fields import Key
from syncplay_backend.services import visits
from syncplay_backend.services.visits import Caller, Outbox, Visit
from syncplay_backend.ws.flood import FloodGate
from syncplay_backend.ws.origin import Receive, Scope, Send
from syncplay_backend.ws.server import EXTENSION

logger = logging.getLogger(__name__)

Said = tuple[wire.Incoming, Key | None]


class RoomSocket:
    def __init__(self, room_id: UUID, scope: Scope, receive: Receive, send: Send) -> None:
        self._loop = asyncio.get_running_loop()
        self._receive = receive
        self._outbox = Outbox(send, cut=_cutter(scope, send))
        client = scope.get("client")
        self._caller = Caller(room_id, client[0] if client else "", self._outbox)
        self._gate = FloodGate()
        self._key: Key | None = None
        self._visit: Visit | None = None
        self._entering: asyncio.Task[None] | None = None
        self._early: list[Said] = []  # said between the join and its answer
        self._in_flight: deque[Future[Any]] = deque()

    async def converse(self) -> None:
        """Answer frames until the socket is gone."""
        too_late = self._loop.call_later(limits.JOIN_SECONDS, self._end_if_not_joined)
        looking = self._loop.create_task(self._look_for_room())
        try:
            while (message := await self._receive())["type"] != "websocket.disconnect":
                self._hear(message)
        finally:
            too_late.cancel()
            looking.cancel()
            await asyncio.shield(self._go())

    async def _go(self) -> None:
        self._outbox.discard()
        if self._entering is not None:
            self._entering.cancel()
        if self._visit is not None:
            await visits.drop(self._visit)

    def _end_if_not_joined(self) -> None:
        if self._visit is None:
            late = "Send a join frame within 10 seconds of connecting."
            self._end(Refused(Code.NOT_JOINED, late), Close.NOT_JOINED)

    async def _look_for_room(self) -> None:
        try:
            is_there = await visits.exists(self._caller.room_id)
        except Exception as error:  # the database is away: the join will tell
            logger.warning("could not look for a room: %r", error)
            return
        if not is_there:
            self._end(room_not_found(), Close.NO_SUCH_ROOM)

    def _end(self, why: Refused, close: Close) -> None:
        self._refuse(why)
        self._outbox.close(close)

    def _refuse(self, why: Refused) -> None:
        self._outbox.put(wire.error(why))

    def _hear(self, message: MutableMapping[str, Any]) -> None:
        try:
            self._obey(*wire.decode(self._gate.admit(message)))
        except FloodGate.Shut as shut:
            self._end(shut.why, shut.close)
        except Refused as refused:
            self._refuse(refused)
        except Exception:  # the edge: one frame's failure is not the socket's end
            logger.exception("a frame could not be handled")
            self._refuse(server_error())

    def _obey(self, said: wire.Incoming, key: Key | None) -> None:
        if self._visit is not None and key not in {None, self._key}:
            raise Refused(Code.NOT_ALLOWED, "This connection stands for another member.")
        if isinstance(said, wire.HeartbeatFrame):
            self._outbox.put(visits.heartbeat())
        elif self._visit is not None:
            self._obey_member(self._visit, said)
        elif self._entering is not None:
            self._keep_for_later(said, key)
        elif isinstance(said, wire.JoinFrame):
            self._key = _required(key)
            self._entering = self._loop.create_task(self._enter(said, self._key))
        else:
            raise Refused(Code.NOT_JOINED, "Send a join frame first.")

    def _keep_for_later(self, said: wire.Incoming, key: Key | None) -> None:
        if len(self._early) >= limits.COMMANDS_IN_FLIGHT:
            raise _too_many()
        self._early.append((said, key))

    async def _enter(self, wish: wire.JoinFrame, key: Key) -> None:
        try:
            self._visit = await visits.enter(self._caller, key, wish)
        except Refused as refused:
            self._refuse_entry(refused)
        except Exception:
            logger.exception("a join failed")
            self._refuse(server_error())
        finally:
            self._entering = None
        early, self._early = self._early, []
        for said, named in early:
            self._obey_later(said, named)

    def _refuse_entry(self, refused: Refused) -> None:
        close = _CLOSED_FOR.get(refused.code)
        if close is None:
            self._refuse(refused)
        else:
            self._end(refused, close)

    def _obey_later(self, said: wire.Incoming, key: Key | None) -> None:
        try:
            self._obey(said, key)
        except Refused as refused:
            self._refuse(refused)

    def _obey_member(self, visit: Visit, said: wire.Incoming) -> None:
        if isinstance(said, wire.JoinFrame):
            visits.show_again(visit)
        elif not isinstance(said, wire.HeartbeatFrame):
            if len(self._in_flight) >= limits.COMMANDS_IN_FLIGHT:
                raise _too_many()
            self._send_down_the_road(visits.command(visit, said))

    def _send_down_the_road(self, answer: "Future[Any]") -> None:
        self._in_flight.append(answer)
        answer.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self._settle))

    def _settle(self) -> None:
        """Pass on the answers that have come, in the order of the commands."""
        while self._in_flight and self._in_flight[0].done():
            failure = self._in_flight.popleft().exception()
            if isinstance(failure, Refused):
                self._refuse(failure)
            elif failure is not None:
                self._refuse(server_error())


_CLOSED_FOR = {
    Code.ROOM_NOT_FOUND: Close.NO_SUCH_ROOM,
    Code.ROOM_CLOSED: Close.ROOM_CLOSED,
    Code.BANNED: Close.NOT_ALLOWED,
}


def _too_many() -> Refused:
    many = f"At most {limits.COMMANDS_IN_FLIGHT} commands at once: wait for the answers."
    return Refused(Code.SLOW_DOWN, many, retry_after=0.5)


def _required(key: Key | None) -> Key:
    if key is None:
        missing = ["This field is required."]
        raise Refused(
            Code.INVALID,
            "userId: send the key that REST gave you, or a fresh random UUID.",
            errors={"userId": missing},
        )
    return key


Cut = Callable[[int], None]


def _cutter(scope: Scope, send: Send) -> Cut:
    """How to end a connection whose reader does not read; the server may have a way of its own."""
    offered: Cut | None = (scope.get("extensions") or {}).get(EXTENSION)
    return offered or partial(_ask_to_close, send)


def _ask_to_close(send: Send, code: int) -> None:
    closing = asyncio.ensure_future(send({"type": "websocket.close", "code": code}))
    closing.add_done_callback(lambda done: done.cancelled() or done.exception())


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
