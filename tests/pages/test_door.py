"""What every page has in common."""

import pytest

from tests.conftest import StartServer
from tests.pages.outline import Outline, get
from tests.peer import Rest, create_room
from tests.process import ServerProcess


def test_who_asks_too_often_is_told_when_to_come_back(start_server: StartServer) -> None:
    rest = Rest(start_server(env={"DEBUG": "False", "RATE_LIMITS": "on"}))
    cheapest = (rest.get("/?before=nonsense") for _ in range(2_000))
    refused = next(answer for answer in cheapest if answer.status != 404)
    assert refused.status == 429
    seconds = int(refused.headers["Retry-After"])
    assert seconds >= 1
    assert f"Try again in {seconds} s." in refused.body
    assert Outline(refused.body).said["h1"] == "A moment, please"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_are_for_reading(server: ServerProcess, method: str) -> None:
    seat = create_room(server)
    for path in ("/", f"/room/{seat.room_id}"):
        assert Rest(server).ask(method, path).status in {403, 405}


def test_in_development_too_a_refusal_is_for_people(server: ServerProcess) -> None:
    answer, page = get(server, "/?before=nonsense")
    assert answer.status == 404
    assert page.said["h1"] == "There is nothing here"
