"""Room passwords. Hashing takes 0.2 s on purpose: it has two threads of its own, so that neither
the event loop nor the writer ever waits for it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import ParamSpec
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import close_old_connections

from syncplay_backend.domain.errors import Code, Refused, room_not_found, unavailable
from syncplay_backend.domain.limits import GUESS_PASSWORD
from syncplay_backend.live.limiter import limiter
from syncplay_backend.rooms.models import Room
from syncplay_backend.services.addresses import neighbourhood

P = ParamSpec("P")

_hashers = ThreadPoolExecutor(2, "hasher")
_waiting = BoundedSemaphore(40)


def hashed(password: str) -> "Future[str]":
    """The hash to keep of a new password."""
    return _in_the_pool(make_password, password)


def verified(room_id: UUID, password: str, address: str) -> "Future[str]":
    """The hash that the password was verified against; "" where the room has none.

    Whoever decides compares it with the room's present one. The future fails with `Refused`.
    """
    limiter.take(GUESS_PASSWORD, neighbourhood(address))
    return _in_the_pool(_verify, room_id, password)


def _verify(room_id: UUID, password: str) -> str:
    try:
        stored = Room.objects.filter(id=room_id).values_list("password_hash", flat=True).first()
    finally:
        close_old_connections()
    if stored is None:
        raise room_not_found()
    if stored and not check_password(password, stored):
        raise Refused(Code.WRONG_PASSWORD, "That is not the password of this room.")
    return str(stored)


def _in_the_pool(do: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> "Future[str]":
    if not _waiting.acquire(blocking=False):
        raise unavailable()
    future = _hashers.submit(do, *args, **kwargs)
    future.add_done_callback(lambda _: _waiting.release())
    return future
