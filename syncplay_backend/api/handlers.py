"""What Django answers without a view of ours: under /api/ in the API's words, else in its own."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from syncplay_backend.api.errors import STATUS, envelope
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.errors import server_error as failure

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _answer(Refused(Code.INVALID, "The server is not reached by this name."))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return _answer(failure())
    return defaults.server_error(request)


def _answer(refused: Refused) -> HttpResponse:
    body = msgspec.json.encode(envelope(refused))
    return HttpResponse(body, content_type="application/json", status=STATUS[refused.code])
