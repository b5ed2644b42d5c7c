"""How bodies are read. What stands in them is the matter of each resource."""

from __future__ import annotations

from uuid import uuid4

import pytest

from syncplay_backend.api.door import Json, room_id
from syncplay_backend.domain.errors import Refused
from tests.api.refusals import assert_refused
from tests.peer import Rest

CREATE = "/api/rooms/create/"
WISH = '{"room_name": "Movie Night", "user_name": "Alice"}'


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "room_name=Movie&user_name=Alice",
        WISH + WISH,
        "[" * 60_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        b"\xff\xfe{\x00}\x00",
        '{"room_name": "\\ud800", "user_name": "Alice"}',
        b'{"room_name": "\xc3\x28", "user_name": "Alice"}',
        "\ufeff" + WISH,
        "NaN",
        "\x00",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_json_is_refused(rest: Rest, body: str | bytes) -> None:
    raw = body if isinstance(body, bytes) else body.encode()
    assert_refused(rest.post(CREATE, raw), 400, "invalid")


@pytest.mark.parametrize("body", ["[]", "null", "1", '"Movie Night"', "true", f"[{WISH}]"])
def test_a_body_is_an_object(rest: Rest, body: str) -> None:
    assert_refused(rest.post(CREATE, body), 400, "invalid")


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "text/json", "x"],
)
def test_what_is_not_called_json_is_refused(rest: Rest, content_type: str) -> None:
    answer = rest.post(CREATE, WISH, headers={"Content-Type": content_type})

    assert_refused(answer, 415, "invalid")
    assert "application/json" in answer.body["message"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;",
    ],
)
def test_json_goes_by_its_names(rest: Rest, content_type: str) -> None:
    assert rest.post(CREATE, WISH, headers={"Content-Type": content_type}).status == 201


def test_the_id_of_a_room_in_a_path() -> None:
    id = uuid4()
    assert room_id(str(id)) == room_id(str(id).upper()) == id
    for text in ("", "x", f"{id}0", f"urn:uuid:{id}", "\x00"):
        with pytest.raises(Refused):
            room_id(text)


def test_nothing_is_rendered_as_nothing() -> None:
    assert Json().render(None) == b""
    assert Json().render({"name": "Café"}) == '{"name":"Café"}'.encode()
