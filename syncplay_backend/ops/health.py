"""GET /api/health/: whether this server can do its work, for whoever watches over it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from syncplay_backend import __version__
from syncplay_backend.domain.errors import Code
from syncplay_backend.services import health as asking
from syncplay_backend.services import showing

METHODS = ("GET", "HEAD")


@csrf_exempt  # who sends anything but a GET is told so by us, not by a page about cookies
async def health(request: HttpRequest) -> HttpResponse:
    if request.method not in METHODS:
        return _method_not_allowed()
    checks = await asking.check()
    healthy = all(checks.values())
    answer = {
        "status": "healthy" if healthy else "unhealthy",
        "version": __version__,
        "timestamp": showing.as_instant(showing.now()).isoformat(timespec="milliseconds"),
        "checks": {what: "ok" if fine else "failed" for what, fine in checks.items()},
    }
    status = HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(answer, status=status, headers={"Cache-Control": "no-store"})


def _method_not_allowed() -> HttpResponse:
    refusal = {
        "status": "error",
        "code": Code.METHOD_NOT_ALLOWED,
        "message": "The health can only be read: use GET.",
    }
    allow = {"Allow": ", ".join(METHODS)}
    return JsonResponse(refusal, status=HTTPStatus.METHOD_NOT_ALLOWED, headers=allow)
