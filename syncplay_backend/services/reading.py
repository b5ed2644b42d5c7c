"""Database reads for the event loop, in a few threads of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")

# Django's own bridge puts every query of a process into one thread, behind each other.
_readers = ThreadPoolExecutor(4, "reader")


async def read(query: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    run = database_sync_to_async(query, thread_sensitive=False, executor=_readers)
    result: R = await run(*args, **kwargs)
    return result
