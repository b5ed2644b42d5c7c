"""The page of a room: what its scripts need, and what a preview of its link may tell."""

from uuid import UUID

from csp.decorators import csp
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from syncplay_backend.domain.errors import room_not_found
from syncplay_backend.pages.door import page
from syncplay_backend.pages.policy import ROOM
from syncplay_backend.services import lobby

WRITTEN = 36  # characters of a UUID in its usual form


@page
def room(request: HttpRequest, room_id: str) -> HttpResponseBase:
    seen = lobby.preview(_parsed(room_id))
    data = {"id": str(seen.id), "name": seen.name, "needsPassword": seen.needs_password}
    address = request.build_absolute_uri(request.path)
    shown = {"room": seen, "room_data": data, "address": address}

    @csp(ROOM)
    def with_players(request: HttpRequest) -> HttpResponseBase:
        return render(request, "pages/room.html", shown)

    return with_players(request)


def _parsed(room_id: str) -> UUID:
    """Raises `Refused`: an address that was cut off leads to no room, and says so."""
    if len(room_id) != WRITTEN:
        raise room_not_found()
    try:
        return UUID(room_id)
    except ValueError:
        raise room_not_found() from None
