"""Who really asks, and how, where a proxy stands in between.

Anybody can send X-Forwarded-* headers. They are believed from TRUSTED_PROXIES only, and taken off
every request, so that nothing further in can believe them by mistake.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]  # Channels and Django type theirs otherwise

Address = IPv4Address | IPv6Address
Header = tuple[bytes, bytes]

FOR, PROTO, HOST = b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"
FORWARDED = (FOR, PROTO, HOST)

_ENCRYPTED = {"http": False, "ws": False, "https": True, "wss": True}
_SCHEMES = {"http": ("http", "https"), "websocket": ("ws", "wss")}
_HOST = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9.])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.I)
_WITH_PORT = re.compile(r"\[(?P<v6>[^]]+)](:\d+)?|(?P<v4>[^:]+):\d+")


class TrustedProxies:
    """The outermost ASGI application: those within see the client, not its proxies."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._trusted = settings.TRUSTED_PROXIES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in _SCHEMES:
            scope = self._as_the_client_meant(scope)
        await self._app(scope, receive, send)

    def _as_the_client_meant(self, scope: Scope) -> Scope:
        own = [h for h in scope["headers"] if h[0].lower() not in FORWARDED]
        if len(own) == len(scope["headers"]):
            return scope
        seen = {**scope, "headers": own}
        said = {name: _values(scope["headers"], name) for name in FORWARDED}
        client = scope.get("client")
        if not client or not self._is_trusted(_address(client[0])):
            return seen
        if origin := self._client(said[FOR]):
            seen["client"] = (origin, 0)
        if scheme := _scheme(scope["type"], said[PROTO]):
            seen["scheme"] = scheme
        if host := _host(said[HOST]):
            seen["headers"] = [h for h in seen["headers"] if h[0].lower() != b"host"]
            seen["headers"].append((b"host", host))
        return seen

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)

    def _client(self, hops: list[str]) -> str | None:
        """The nearest address that is none of ours; each hop appended the one it was asked by."""
        nearest = None
        for address in _addresses(reversed(hops)):
            nearest = str(address)
            if not self._is_trusted(address):
                break
        return nearest


def _values(headers: list[Header], name: bytes) -> list[str]:
    """What a header lists, in order, over however many lines it was sent."""
    lines = [value.decode("latin-1") for key, value in headers if key.lower() == name]
    return [item.strip() for line in lines for item in line.split(",")]


def _addresses(hops: Iterator[str]) -> Iterator[Address]:
    """Up to the first that is no address: what stands behind that may be anybody's invention."""
    for hop in hops:
        address = _address(hop)
        if address is None:
            return
        yield address


def _address(text: str) -> Address | None:
    with_port = _WITH_PORT.fullmatch(text)
    bare = (with_port["v6"] or with_port["v4"]) if with_port else text
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _scheme(kind: str, said: list[str]) -> str | None:
    encrypted = _ENCRYPTED.get(said[-1].lower()) if said else None
    return None if encrypted is None else _SCHEMES[kind][encrypted]


def _host(said: list[str]) -> bytes | None:
    return said[-1].encode() if said and _HOST.fullmatch(said[-1]) else None
