"""Each door is where the contract says it is."""

from __future__ import annotations

import pytest

from tests.peer import Rest
from tests.process import ServerProcess


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [
        ("/api/", 200, "application/json"),
        ("/api/rooms/", 200, "application/json"),
        ("/api/health/", 200, "application/json"),
        ("/admin/login/", 200, "text/html; charset=utf-8"),
        ("/", 200, "text/html; charset=utf-8"),
    ],
)
def test_what_is_where(server: ServerProcess, path: str, status: int, content_type: str) -> None:
    answer = Rest(server).get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (status, content_type)


def test_a_path_beside_the_api_is_not_of_it(server: ServerProcess) -> None:
    assert Rest(server).get("/apis/").status == 404
