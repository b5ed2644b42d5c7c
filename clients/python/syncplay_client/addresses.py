"""Where a room is: what people paste, and what programs need."""

import re
from urllib.parse import urlsplit

from msgspec import Struct

_ROOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_SECURE = {"http": False, "ws": False, "https": True, "wss": True}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Address(Struct, frozen=True):
    """A server, and perhaps a room on it."""

    host: str  # with its port
    secure: bool
    room_id: str | None = None
    prefix: str = ""  # what stands before `/ws/` and `/api/`

    @property
    def rest_url(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host}{self.prefix}/api"

    def websocket_url(self, room_id: str | None = None) -> str:
        room = room_id or self.room_id
        if room is None:
            raise ValueError("This address names no room.")
        return f"{'wss' if self.secure else 'ws'}://{self.host}{self.prefix}/ws/room/{room}/"

    @property
    def is_loopback(self) -> bool:
        return urlsplit(f"//{self.host}").hostname in _LOOPBACK


def parse(url: str) -> Address:
    """Read the address of a server, of a room's page, of its socket or of its REST resource.

    >>> parse("http://localhost:8000").rest_url
    'http://localhost:8000/api'
    """
    parts = urlsplit(url)
    if parts.scheme not in _SECURE or not parts.hostname:
        raise ValueError(
            f"{url!r} is no address: it begins with http://, https://, ws:// or wss://"
        )
    room = _ROOM.search(url, url.index(parts.netloc) + len(parts.netloc))
    prefix = re.split(r"/(?:ws|api|room|rooms|r)(?:/|$)", parts.path, maxsplit=1)[0].rstrip("/")
    host = parts.netloc.rpartition("@")[2]
    return Address(host, _SECURE[parts.scheme], room.group().lower() if room else None, prefix)
