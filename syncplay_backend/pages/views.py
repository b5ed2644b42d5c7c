"""The first page: which rooms are open to everybody, and what they watch."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.views import RoomView
from syncplay_backend.services import limiting, lobby, showing

ROOMS = 50


@dataclass(frozen=True)
class Row:
    """A room as the list shows it."""

    name: str
    is_locked: bool
    video: str  # what to call it; empty: there is none
    link: str  # empty: it is not for clicking
    is_playing: bool
    position: str
    people: int
    online: int


@require_safe
@never_cache
def front(request: HttpRequest) -> HttpResponse:
    try:
        limiting.ask(request.META.get("REMOTE_ADDR", ""))
        rooms, older = lobby.public_rooms(ROOMS, request.GET.get("before"))
    except Refused as refused:
        return _say_no(request, refused)
    first = "before" not in request.GET
    page = {"rooms": [row(room) for room in rooms], "older": older, "is_first": first}
    return render(request, "pages/front.html", page)


def _say_no(request: HttpRequest, refused: Refused) -> HttpResponse:
    if refused.code is not Code.SLOW_DOWN:
        raise Http404(refused.message)
    status = HTTPStatus.TOO_MANY_REQUESTS
    page = render(request, "pages/slow_down.html", {"message": refused.message}, status=status)
    page["Retry-After"] = str(1 + int(refused.retry_after or 0))
    return page


def row(room: RoomView) -> Row:
    url = room.current_video_url
    return Row(
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
