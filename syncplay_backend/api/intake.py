"""The bound of what is taken in: Django alone would write a body of any size to the disk first."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from syncplay_backend.api.errors import STATUS, envelope, too_large
from syncplay_backend.domain.limits import FRAME_BYTES

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]


class BodyLimit:
    """Refuses (413) a larger body: by its announced length, else as soon as it is too much."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if _announced(scope) > FRAME_BYTES:
            await _refuse(send)
            return
        try:
            await self._app(scope, _counted(receive), send)
        except _TooLargeError:  # Django reads the whole body before it answers anything
            await _refuse(send)


class _TooLargeError(Exception):
    pass


def _announced(scope: Message) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _counted(receive: Receive) -> Receive:
    taken = 0

    async def receive_and_count() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > FRAME_BYTES:
            raise _TooLargeError
        return message

    return receive_and_count


async def _refuse(send: Send) -> None:
    refused = too_large(FRAME_BYTES)
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    body = msgspec.json.encode(envelope(refused))
    status = STATUS[refused.code]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
