"""What a browser may load for each page, to the letter."""

import pytest

from syncplay_backend.pages.policy import EVERYWHERE, ROOM
from tests.pages.outline import policy
from tests.peer import Rest, create_room
from tests.process import ServerProcess

STRICT = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
OF_PLAYERS = {"script-src", "frame-src", "media-src", "connect-src"}


@pytest.mark.parametrize("path", ["/", "/?before=nonsense", "/nothing", "/room/none", "/admin/"])
def test_every_page_is_strict(production: ServerProcess, path: str) -> None:
    assert policy(Rest(production).get(path)) == STRICT


def test_a_rooms_page_differs_in_what_players_need_alone(production: ServerProcess) -> None:
    seat = create_room(production)
    allowed = policy(Rest(production).get(f"/room/{seat.room_id}"))
    assert {name for name in allowed if allowed[name] != STRICT.get(name)} == OF_PLAYERS


@pytest.mark.parametrize("allowed", [EVERYWHERE, ROOM])
def test_nothing_inline_is_ever_run(allowed: dict[str, list[str]]) -> None:
    words = {word for values in allowed.values() for word in values}
    assert not {word for word in words if "unsafe" in word or "*" in word}


def test_a_request_that_django_refuses_is_answered_under_it_too(production: ServerProcess) -> None:
    answer = Rest(production).get("/", headers={"Host": "somebody.example"})
    assert answer.status == 400
    assert policy(answer) == STRICT
