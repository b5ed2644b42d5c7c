from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from syncplay_backend.api import bodies
from syncplay_backend.domain.fields import read

BODIES = [
    bodies.CreateBody,
    bodies.JoinBody,
    bodies.LeaveBody,
    bodies.ControlBody,
    bodies.ChangeVideoBody,
]
WISH = {"room_name": "Movie Night", "user_name": "Alice"}


def test_what_is_left_out_has_its_default() -> None:
    body = read(bodies.CreateBody, WISH)

    assert (body.video_url, body.video_title, body.password) == (None, None, None)
    assert body.visibility == "public"
    assert body.settings.control == "host"


@pytest.mark.parametrize("kind", BODIES, ids=lambda kind: kind.__name__)
def test_fields_are_snake_case_as_the_contract_writes_them(kind: type[msgspec.Struct]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    assert all(name.islower() and name.isidentifier() for name in names)


@pytest.mark.parametrize("kind", BODIES, ids=lambda kind: kind.__name__)
def test_a_key_is_never_shown_by_a_repr(kind: type[msgspec.Struct]) -> None:
    key = "0b0f5c5e-41c8-4f5d-9d5e-2f6a4c2f0a11"
    given = {"user_id": key, "action": "play", "video_url": "https://example.com/", **WISH}
    given |= {"room_id": "550e8400-e29b-41d4-a716-446655440000"}
    assert key not in repr(read(kind, given))


@pytest.mark.parametrize(("given", "position"), [(120, 120), (120.25, 120.25), (None, None)])
def test_a_position_is_a_number_of_seconds(given: object, position: float | None) -> None:
    body = read(bodies.ControlBody, {"action": "play", "position": given})
    assert body.position == position


def test_a_question_is_read_from_texts() -> None:
    query = read(bodies.MessagesQuery, {"limit": "3", "after": "12", "type": "play"}, strict=False)
    assert (query.limit, query.before, query.after, query.type) == (3, None, 12, "play")


def may_be_null(kind: object) -> bool:
    return type(None) in get_args(kind)


KINDS = [*BODIES, bodies.CommandBody, bodies.RoomsQuery, bodies.MessagesQuery]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_field_that_may_be_null_is_null_where_it_is_left_out(kind: type[msgspec.Struct]) -> None:
    """So that a null is as good as nothing, and need not be taken out first."""
    for field in msgspec.structs.fields(kind):
        assert not may_be_null(field.type) or field.default is None, field.name
