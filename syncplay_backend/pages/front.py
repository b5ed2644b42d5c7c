"""The first page: which rooms are open to everybody, and what they watch; and a new room."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from syncplay_backend.domain.views import RoomView
from syncplay_backend.pages.door import page
from syncplay_backend.services import lobby, showing

ROOMS = 50


@dataclass(frozen=True)
class Row:
    """A room as the list shows it."""

    id: UUID
    name: str
    is_locked: bool
    video: str  # what to call it; empty: there is none
    link: str  # empty: it is not for clicking
    is_playing: bool
    position: str
    people: int
    online: int


@page
def front(request: HttpRequest) -> HttpResponse:
    rooms, older = lobby.public_rooms(ROOMS, request.GET.get("before"))
    shown = {
        "rooms": [row(room) for room in rooms],
        "older": older,
        "is_first": "before" not in request.GET,
    }
    return render(request, "pages/front.html", shown)


def row(room: RoomView) -> Row:
    url = room.current_video_url
    return Row(
        id=room.id,
        name=room.name,
        is_locked=room.has_password,
        video=room.current_video_title or url,
        link=url if is_web_address(url) else "",
        is_playing=room.is_playing,
        position=showing.as_position(room.current_position),
        people=room.user_count,
        online=sum(user.is_online for user in room.users),
    )


def is_web_address(url: str) -> bool:
    """Whether a browser would only go there, and not run it."""
    try:
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False
