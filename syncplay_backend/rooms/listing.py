"""The list of public rooms, by pages that do not shift while rooms are created."""

import base64
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.rooms.instants import to_datetime, to_ms
from syncplay_backend.rooms.models import Room, RoomSession


def page(
    limit: int, before: str | None, *, active_since: int, now: int
) -> tuple[list[UUID], str | None]:
    """The ids of a page, newest first, and the cursor of the next one (None: there is none)."""
    connected = RoomSession.objects.filter(room_id=OuterRef("id"), lease_until__gt=now)
    rooms = Room.objects.filter(
        Exists(connected) | Q(active_at__gte=active_since), visibility="public", closed_at=None
    )
    if before is not None:
        created_at, id = _open(before)
        older = Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=id)
        rooms = rooms.filter(older)
    rows = list(rooms.order_by("-created_at", "-id").values_list("id", "created_at")[: limit + 1])
    shown = rows[:limit]
    more = len(rows) > limit
    return [id for id, _ in shown], _cursor(*shown[-1]) if more else None


def _cursor(id: UUID, created_at: datetime) -> str:
    at = to_ms(created_at)
    return base64.urlsafe_b64encode(f"{at}.{id}".encode()).decode().rstrip("=")


def _open(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, _, id = base64.urlsafe_b64decode(padded).decode().partition(".")
        return to_datetime(int(at)), UUID(id)
    except (ValueError, OverflowError, OSError):
        message = "This is no cursor: take it from `next` of the page before."
        raise Refused(Code.INVALID, message, errors={"before": [message]}) from None
