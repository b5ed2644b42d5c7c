"""Which pages may open a socket: a browser sends a page's origin along, and cannot lie about it.

Allowed are the request's own origin, the origins that the operator lists, and clients that are no
browser (they send none). ALLOWED_HOSTS and DEBUG do not widen this.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

_PORTS = {"http": 80, "https": 443}
_LOCAL = [".localhost", "127.0.0.1", "[::1]"]

Origin = tuple[str, str, int | None]


class OriginGuard:
    """Refuses the handshake (403) of a foreign origin."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_allowed(scope):
            await self._app(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403})


def is_allowed(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    sent = headers.get(b"origin")
    if sent is None:
        return True
    origin = _parse(sent.decode("latin-1"))
    if origin is None:
        return False
    return origin == _own(scope, headers) or origin in map(_parse, _listed())


@lru_cache(maxsize=128)  # nearly all come from the same page
def _parse(text: str) -> Origin | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, _PORTS[parts.scheme] if port is None else port


def _own(scope: Scope, headers: dict[bytes, bytes]) -> Origin | None:
    """The origin of a page that this very server served under the name it was asked by."""
    host = headers.get(b"host", b"").decode("latin-1")
    allowed = settings.ALLOWED_HOSTS or (_LOCAL if settings.DEBUG else [])
    if not validate_host(split_domain_port(host)[0], allowed):
        return None  # else a foreign name that points at us would be its own origin
    scheme = "https" if scope.get("scheme") in {"wss", "https"} else "http"
    return _parse(f"{scheme}://{host}")


def _listed() -> list[str]:
    return [*settings.CORS_ALLOWED_ORIGINS, *settings.CSRF_TRUSTED_ORIGINS]
