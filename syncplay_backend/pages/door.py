"""What every page has in common: who may ask how often, the language, and refusals in words."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.pages.languages import remember
from syncplay_backend.services import limiting

View: TypeAlias = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Saying:
    """How a refusal is put: the keys of its texts."""

    status: HTTPStatus
    title: str
    text: str


NOWHERE = Saying(HTTPStatus.NOT_FOUND, "missing_title", "missing_text")
# All else that can be refused is an address that leads nowhere.
SAYINGS = {
    Code.ROOM_NOT_FOUND: Saying(HTTPStatus.NOT_FOUND, "missing_room_title", "missing_room_text"),
    Code.ROOM_CLOSED: Saying(HTTPStatus.GONE, "missing_room_title", "missing_room_text"),
    Code.SLOW_DOWN: Saying(HTTPStatus.TOO_MANY_REQUESTS, "slow_title", "slow_text"),
    Code.UNAVAILABLE: Saying(HTTPStatus.SERVICE_UNAVAILABLE, "failure_title", "error_unavailable"),
}


def page(view: View) -> View:
    """A view that anybody may read, made of `view`, which may raise `Refused`."""

    @require_safe
    @never_cache
    @gzip_page
    @wraps(view)
    def shown(request: HttpRequest, **path: str) -> HttpResponseBase:
        try:
            limiting.ask(request.META.get("REMOTE_ADDR", ""))
            response = view(request, **path)
        except Refused as refused:
            response = say_no(request, refused)
        remember(request, response)
        return response

    return shown


def say_no(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A page, and never Django's own in development: that one is not for people."""
    seconds = 1 + int(refused.retry_after or 0)
    response = refusal(request, SAYINGS.get(refused.code, NOWHERE), seconds)
    if refused.retryable:
        response["Retry-After"] = str(seconds)
    return response


def refusal(request: HttpRequest, saying: Saying, seconds: int = 0) -> HttpResponse:
    words = {"title": saying.title, "why": saying.text, "seconds": seconds}
    response = render(request, "pages/refusal.html", words, status=saying.status)
    add_never_cache_headers(response)
    return response
