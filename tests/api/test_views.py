"""What holds for every view; each resource has its own file beside this one."""

from __future__ import annotations

import pytest

from tests.conftest import StartServer
from tests.peer import Rest, Seat, create_room
from tests.process import ServerProcess


def test_the_index_leads_on(rest: Rest, server: ServerProcess) -> None:
    links = rest.get("/api/").body["links"]

    assert links.keys() == {"rooms", "health", "schema"}
    for link in links.values():
        assert link.startswith(f"{server.url}/api/")
        assert rest.get(link.removeprefix(server.url)).status == 200


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "*/*", "nonsense", ""])
def test_the_answer_is_json_whatever_is_asked_for(rest: Rest, accept: str) -> None:
    answer = rest.get("/api/rooms/", headers={"Accept": accept})

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"


def test_no_answer_may_be_kept_by_a_cache(rest: Rest, alice: Seat) -> None:
    for path in ("/api/rooms/", f"/api/rooms/{alice.room_id}/", "/api/nothing/"):
        assert rest.get(path).headers["Cache-Control"] == "no-store"


def test_no_answer_sets_a_cookie(rest: Rest, alice: Seat) -> None:
    assert rest.get(f"/api/rooms/{alice.room_id}/").headers["Set-Cookie"] is None


def test_the_socket_is_where_the_client_found_us(rest: Rest, server: ServerProcess) -> None:
    by_name = Rest(server.url.replace("127.0.0.1", "localhost"))
    answer = by_name.post("/api/rooms/create/", {"room_name": "Movie Night", "user_name": "Alice"})

    assert answer.body["websocket_url"].startswith(f"ws://localhost:{server.port}/ws/room/")


def test_behind_a_proxy_that_speaks_tls_the_socket_does_too(start_server: StartServer) -> None:
    server = start_server(env={"TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": "*"})
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "watch.example.com"}
    wish = {"room_name": "Movie Night", "user_name": "Alice"}

    answer = Rest(server).post("/api/rooms/create/", wish, headers=forwarded)

    room_id = answer.body["room"]["id"]
    assert answer.body["websocket_url"] == f"wss://watch.example.com/ws/room/{room_id}/"


def test_who_is_no_proxy_is_not_believed(server: ServerProcess, rest: Rest) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example.com"}
    wish = {"room_name": "Movie Night", "user_name": "Alice"}

    answer = rest.post("/api/rooms/create/", wish, headers=forwarded)

    assert answer.body["websocket_url"].startswith(f"{server.ws_url}/ws/room/")


def test_a_page_of_another_site_gets_no_leave_to_read(rest: Rest) -> None:
    answer = rest.get("/api/rooms/", headers={"Origin": "https://evil.example.com"})
    assert answer.headers["Access-Control-Allow-Origin"] is None


def test_a_page_of_a_listed_site_may_read_refusals_too(start_server: StartServer) -> None:
    server = start_server(env={"CORS_ALLOWED_ORIGINS": "https://app.example.com"})
    rest, origin = Rest(server), {"Origin": "https://app.example.com"}
    asking_first = origin | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }

    preflight = rest.ask("OPTIONS", "/api/rooms/create/", headers=asking_first)

    assert preflight.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert "authorization" in preflight.headers["Access-Control-Allow-Headers"]
    for answer in (
        rest.get("/api/rooms/", headers=origin),
        rest.get("/api/nothing/", headers=origin),
        rest.post("/api/rooms/create/", {}, headers=origin),
    ):
        assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"


def test_whoever_asks_too_often_is_told_to_slow_down(start_server: StartServer) -> None:
    server = start_server(env={"RATE_LIMITS": "on"})
    alice = create_room(server)
    play = {"user_id": alice.key, "action": "play"}
    often = {
        "read": lambda: Rest(server).get(f"/api/rooms/{alice.room_id}/"),
        "create": lambda: Rest(server).post(
            "/api/rooms/create/", {"room_name": "Movie Night", "user_name": "Alice"}
        ),
        "command": lambda: Rest(server).post(f"/api/rooms/{alice.room_id}/control/", play),
    }
    for what, ask in often.items():
        refused = next((a for _ in range(2000) if (a := ask()).status != ask_status(what)), None)
        assert refused is not None, what
        assert (refused.status, refused.body["code"]) == (429, "slow_down")
        assert int(refused.headers["Retry-After"]) >= 1


def ask_status(what: str) -> int:
    return 201 if what == "create" else 200
