from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions as drf

from syncplay_backend.api.bodies import Refusal
from syncplay_backend.api.errors import STATUS, answer
from syncplay_backend.domain.errors import Code, Refused

CONTEXT = {"request": RequestFactory().get("/api/rooms/")}


def refusal(error: Exception) -> tuple[int, Refusal]:
    response = answer(error, CONTEXT)
    body: Any = response.data
    return response.status_code, body


def test_a_refusal_is_told_with_its_status() -> None:
    why = {"user_name": ["This name is taken."]}
    status, body = refusal(Refused(Code.NAME_TAKEN, "Taken.", errors=why))

    assert status == 409
    assert body == Refusal(code=Code.NAME_TAKEN, message="Taken.", errors=why)


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_status(code: Code) -> None:
    assert 400 <= refusal(Refused(code, "No."))[0] <= 503
    assert STATUS.keys() == set(Code)


def test_whoever_may_come_back_later_is_told_when() -> None:
    for asked, told in ((0.2, "1"), (1, "1"), (1.001, "2"), (30, "30")):
        response = answer(Refused(Code.SLOW_DOWN, "Wait.", retry_after=asked), CONTEXT)
        assert response["Retry-After"] == told


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, Code.NOT_FOUND),
        (PermissionDenied(), 403, Code.NOT_ALLOWED),
        (SuspiciousOperation("internals"), 400, Code.INVALID),
        (drf.ParseError(), 400, Code.INVALID),
        (drf.UnsupportedMediaType("text/plain"), 415, Code.INVALID),
        (drf.MethodNotAllowed("PUT"), 405, Code.METHOD_NOT_ALLOWED),
        (drf.NotFound(), 404, Code.NOT_FOUND),
        (drf.Throttled(), 429, Code.SLOW_DOWN),
    ],
)
def test_what_the_framework_raises_is_told_in_our_words(
    error: Exception, status: int, code: Code
) -> None:
    told, body = refusal(error)

    assert (told, body.code) == (status, code)
    assert "internals" not in body.message


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_no_fault_of_the_client(kind: type[Exception]) -> None:
    response = answer(kind("could not connect to secret-host"), CONTEXT)

    assert (response.status_code, response.data.code) == (503, Code.UNAVAILABLE)
    assert response["Retry-After"] == "1"
    assert "secret-host" not in response.data.message


@pytest.mark.parametrize("error", [ValueError("internals"), drf.APIException("internals")])
def test_what_nobody_expected_is_logged_and_not_told(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        status, body = refusal(error)

    assert (status, body.code) == (500, Code.SERVER_ERROR)
    assert "internals" not in body.message
    assert "internals" in caplog.text
