from __future__ import annotations

import json

import pytest
from django.core.exceptions import DisallowedHost
from django.test import RequestFactory

from syncplay_backend.api import handlers
from tests.api.refusals import assert_refused
from tests.conftest import StartServer
from tests.peer import Rest

PRODUCTION = {"DEBUG": "False", "ALLOWED_HOSTS": "watch.example.com,127.0.0.1"}


def test_a_wrong_host_is_refused_in_the_words_of_the_api(start_server: StartServer) -> None:
    rest = Rest(start_server(env=PRODUCTION))
    elsewhere = {"Host": "evil.example.com"}

    assert_refused(rest.get("/api/rooms/", headers=elsewhere), 400, "invalid")
    assert "html" in rest.get("/", headers=elsewhere).headers["Content-Type"]


@pytest.mark.parametrize(("path", "is_api"), [("/api/rooms/", True), ("/admin/", False)])
def test_an_error_before_any_view_is_told_in_the_words_of_the_api(path: str, is_api: bool) -> None:
    response = handlers.server_error(RequestFactory().get(path))

    assert response.status_code == 500
    if is_api:
        assert json.loads(response.content)["code"] == "server_error"
    else:
        assert b"server_error" not in response.content


def test_a_bad_request_tells_no_internals() -> None:
    request = RequestFactory().get("/api/")
    response = handlers.bad_request(request, DisallowedHost("evil.example.com"))

    assert response.status_code == 400
    assert b"evil" not in response.content
