"""A handshake as nearly all are, read at a glance.

uvicorn has parsed the request already when it learns that it is for us, and writes it down anew
for `websockets`, which would read it line by line. What that answers to it stays its own affair.
"""

import re

from websockets.datastructures import Headers
from websockets.http11 import Request

LONGEST = 8_000  # bytes: below what `websockets` allows a single line
MOST_HEADERS = 100

_LINE = r"([-!#$%&'*+.^_`|~0-9A-Za-z]++):[\t ]*+([\t\x20-\x7e\x80-\xff]*+)\r\n"
_REQUEST = re.compile(rf"GET ([!-~]+) HTTP/1\.1\r\n((?:{_LINE})++)\r\n")
_HEADER = re.compile(_LINE)
_WITH_A_BODY = ("Transfer-Encoding", "Content-Length")


def read(data: bytes) -> Request | None:
    """None: it is not as plain as that, and `websockets` shall see to it."""
    if len(data) > LONGEST or not (plain := _REQUEST.fullmatch(data.decode("latin-1"))):
        return None
    lines = _HEADER.findall(plain[2])
    headers = Headers((name, value.rstrip("\t ")) for name, value in lines)
    if len(lines) > MOST_HEADERS or any(name in headers for name in _WITH_A_BODY):
        return None
    return Request(plain[1], headers)
