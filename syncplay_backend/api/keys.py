"""The key that a request bears: in its body, or as `Authorization: Bearer <key>`.

Never in a URL, which proxies and browsers write down.
"""

from rest_framework.request import Request

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Key, clean_key


def shown(request: Request, in_body: Key | None = None) -> Key | None:
    """The key, if there is one. Raises `Refused` (`invalid`) where it cannot be one."""
    in_header = _bearer(request.headers.get("Authorization", ""))
    if in_header and in_body and in_header != in_body:
        raise _invalid("user_id", "This is not the key of the Authorization header.")
    return in_header or in_body


def required(request: Request, in_body: Key | None) -> Key:
    """The key, of whoever wants to do something. Raises `Refused` (`invalid`)."""
    key = shown(request, in_body)
    if key is None:
        raise _invalid("user_id", "This field is required: the key that create and join answer.")
    return key


def _bearer(header: str) -> Key | None:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":  # a password for the proxy, say: no business of ours
        return None
    try:
        return clean_key(token.strip())
    except ValueError as error:
        raise _invalid("Authorization", str(error)) from None


def _invalid(field: str, why: str) -> Refused:
    return Refused(Code.INVALID, f"{field}: {why}", errors={field: [why]})
