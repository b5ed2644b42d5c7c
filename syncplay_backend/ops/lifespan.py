"""The server process's own life: the loops run from its start to its end."""

import gc
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from syncplay_backend.services import upkeep

logger = logging.getLogger(__name__)

COLLECT_AFTER = (20_000, 20, 50)  # objects, young collections, middle ones

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]  # Channels and Django type theirs otherwise


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application that a server tells of its start and its end."""
    await receive()
    tune_the_collector()
    try:
        upkeep.current()
    except Exception as error:
        logger.exception("the server cannot start")
        await send({"type": "lifespan.startup.failed", "message": repr(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    try:
        await upkeep.stop()
    except Exception as error:
        logger.exception("the server did not end well")
        await send({"type": "lifespan.shutdown.failed", "message": repr(error)})
        return
    await send({"type": "lifespan.shutdown.complete"})


def tune_the_collector() -> None:
    """Look for cycles less often: there are hardly any, and thousands of sockets are looked through
    each time. What has been made by now stays until the end, and is looked at no more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


class Awake:
    """Has the loops run from the first request on: daphne tells nobody when it starts."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        upkeep.current()
        await self._app(scope, receive, send)
