"""How REST says no: a fitting status, and the same few fields for every path under /api/."""

import logging
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from msgspec import UNSET
from rest_framework import exceptions as drf
from rest_framework.response import Response

from syncplay_backend.api.bodies import Refusal
from syncplay_backend.domain.errors import Code, Refused, server_error, unavailable

logger = logging.getLogger(__name__)

STATUS = {
    Code.INVALID: 400,
    Code.UNKNOWN_USER: 401,
    Code.NOT_JOINED: 401,
    Code.NOT_ALLOWED: 403,
    Code.WRONG_PASSWORD: 403,
    Code.BANNED: 403,
    Code.ROOM_NOT_FOUND: 404,
    Code.NOT_FOUND: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.NAME_TAKEN: 409,
    Code.CONFLICT: 409,
    Code.ROOM_CLOSED: 410,
    Code.TOO_LARGE: 413,
    Code.TOO_MANY_CONNECTIONS: 429,
    Code.SLOW_DOWN: 429,
    Code.UNAVAILABLE: 503,
    Code.SERVER_ERROR: 500,
}


def answer(error: Exception, context: dict[str, Any]) -> Response:
    """Whatever a view raises, as an answer (Django REST framework's exception handler)."""
    if isinstance(error, drf.APIException):
        refused = _in_our_words(error)
        return _response(refused, error.status_code)
    refused = _refused(error, context)
    return _response(refused, STATUS[refused.code])


def not_found() -> Refused:
    return Refused(Code.NOT_FOUND, "There is nothing at this path. GET /api/ lists what there is.")


def too_large(most: int) -> Refused:
    return Refused(Code.TOO_LARGE, f"That is too large: a body may have {most} bytes.")


def envelope(refused: Refused) -> Refusal:
    return Refusal(code=refused.code, message=refused.message, errors=refused.errors or UNSET)


def _response(refused: Refused, status: int) -> Response:
    response = Response(envelope(refused), status)
    if refused.retry_after is not None:
        response["Retry-After"] = str(max(1, ceil(refused.retry_after)))
    if status == STATUS[Code.UNKNOWN_USER]:
        response["WWW-Authenticate"] = "Bearer"
    return response


# What the framework refuses by itself. Codes are ours, the status stays the more exact one.
_CODES = {
    403: Code.NOT_ALLOWED,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.TOO_LARGE,
    429: Code.SLOW_DOWN,
}


def _in_our_words(error: drf.APIException) -> Refused:
    if error.status_code >= STATUS[Code.SERVER_ERROR]:
        logger.error("the framework gave up: %r", error)
        return server_error()
    return Refused(_CODES.get(error.status_code, Code.INVALID), str(error.detail))


def _refused(error: Exception, context: dict[str, Any]) -> Refused:
    match error:
        case Refused():
            return error
        case Http404():
            return not_found()
        case PermissionDenied():
            return Refused(Code.NOT_ALLOWED, "This is not allowed.")
        case SuspiciousOperation():
            return Refused(Code.INVALID, "This request makes no sense.")
        case OperationalError() | InterfaceError():
            logger.error("the database failed: %r", error)
            return unavailable()
        case _:
            request = context["request"]
            logger.error("%s %s failed", request.method, request.path, exc_info=error)
            return server_error()
