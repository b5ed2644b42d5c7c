from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from syncplay_backend.api import keys
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.fields import Key

KEY = Key(UUID("0b0f5c5e-41c8-4f5d-9d5e-2f6a4c2f0a11"))


def bearing(header: str) -> Request:
    return Request(RequestFactory().get("/api/", headers={"Authorization": header}))


NOTHING = Request(RequestFactory().get("/api/"))


def test_the_key_is_in_the_body_or_in_the_header() -> None:
    assert keys.required(NOTHING, KEY) == KEY
    assert keys.required(bearing(f"Bearer {KEY.value}"), None) == KEY
    assert keys.required(bearing(f"Bearer {KEY.value}"), KEY) == KEY


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_has_no_case(scheme: str) -> None:
    assert keys.shown(bearing(f"{scheme} {KEY.value}")) == KEY


def test_two_different_keys_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        keys.shown(bearing(f"Bearer {uuid4()}"), KEY)
    assert refused.value.code is Code.INVALID
    assert refused.value.errors is not None
    assert refused.value.errors.keys() == {"user_id"}


def test_without_a_key_nobody_is_shown() -> None:
    assert keys.shown(NOTHING) is None
    assert keys.shown(bearing("Basic YWxpY2U6c2VjcmV0")) is None


def test_without_a_key_nothing_can_be_done() -> None:
    with pytest.raises(Refused) as refused:
        keys.required(NOTHING, None)
    assert refused.value.errors is not None
    assert refused.value.errors.keys() == {"user_id"}


@pytest.mark.parametrize(
    "token", ["", "x", str(UUID(int=0)), str(UUID(int=2**128 - 1)), f"{KEY.value} more", "é"]
)
def test_a_token_that_can_be_no_key_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(Refused) as refused:
        keys.shown(bearing(f"Bearer {token}"))
    assert refused.value.code is Code.INVALID
    assert token == "" or len(token) < 2 or token not in refused.value.message
