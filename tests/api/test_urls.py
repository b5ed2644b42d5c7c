"""Every path under /api/, those that there are not too, answers in the API's words."""

from __future__ import annotations

import pytest

from tests.api.refusals import assert_refused
from tests.peer import Rest, Seat

ROOM = "/api/rooms/550e8400-e29b-41d4-a716-446655440000/"
METHODS = {
    "/api/": {"GET"},
    "/api/schema/": {"GET"},
    "/api/health/": {"GET"},
    "/api/rooms/": {"GET"},
    "/api/rooms/create/": {"POST"},
    "/api/rooms/join/": {"POST"},
    ROOM: {"GET"},
    f"{ROOM}leave/": {"DELETE"},
    f"{ROOM}control/": {"POST"},
    f"{ROOM}change-video/": {"POST"},
    f"{ROOM}messages/": {"GET"},
}
WRONG = [
    (method, path)
    for path, right in METHODS.items()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    if method not in right
]


@pytest.mark.parametrize(("method", "path"), WRONG)
def test_another_method_is_refused_and_the_right_one_named(
    rest: Rest, method: str, path: str
) -> None:
    answer = rest.ask(method, path, {})

    assert_refused(answer, 405, "method_not_allowed")
    assert METHODS[path] <= set(answer.headers["Allow"].split(", "))
    assert method not in answer.headers["Allow"].split(", ")


@pytest.mark.parametrize(
    "path",
    [
        "/api/nonsense/",
        "/api/rooms/create/now/",
        "/api//rooms/",
        "/api/rooms//",
        "/api/admin/",
        "/api/%00",
        "/api/%0A",
        "/api/rooms/%0a/x/",
        "/api/%FF/",
        "/api/..%2F..%2Fetc/passwd",
        f"{ROOM}control/more/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_a_path_that_there_is_not(rest: Rest, method: str, path: str) -> None:
    assert_refused(rest.ask(method, path, {}), 404, "not_found")


@pytest.mark.parametrize("path", sorted(METHODS))
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_without_its_slash_a_path_is_not_there_and_the_right_one_is_named(
    rest: Rest, method: str, path: str
) -> None:
    answer = rest.ask(method, path.rstrip("/"), {})

    assert_refused(answer, 404, "not_found")
    assert answer.body["message"] == f"Paths end with a slash: {path}"


@pytest.mark.parametrize("path", ["/api/", "/api/rooms/", "/api/health/", "/api/schema/"])
def test_head_is_get_without_a_body(rest: Rest, path: str) -> None:
    answer = rest.ask("HEAD", path)
    assert (answer.status, answer.body) == (200, "")


def test_options_tells_the_methods(rest: Rest, alice: Seat) -> None:
    answer = rest.ask("OPTIONS", f"/api/rooms/{alice.room_id}/leave/")

    assert answer.status == 204
    assert answer.headers["Allow"] == "DELETE, OPTIONS"
