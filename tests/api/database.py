"""What tests set in the database from inside an event loop, where Django refuses to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

R = TypeVar("R")


async def in_database(do: Callable[[], R]) -> R:
    def work() -> R:
        try:
            return do()
        finally:
            connections.close_all()

    return await asyncio.to_thread(work)
