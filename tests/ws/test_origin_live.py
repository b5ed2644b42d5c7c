"""The same rule, at the handshake of every server."""

from tests.conftest import StartServer
from tests.peer import Peer, create_room, handshake_status
from tests.process import ServerProcess
from tests.ws.cast import fresh_key
from tests.ws.conftest import Knock

LISTED = "https://app.example.org"
FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-For": "127.0.0.1",
    "Forwarded": "host=evil.example",
}


async def test_foreign_pages_are_refused_at_the_handshake(any_server: ServerProcess) -> None:
    room_id = create_room(any_server).room_id
    for origin in (
        "http://evil.example",
        "null",
        f"https://{any_server.host}:{any_server.port}",
        f"http://{any_server.host}:{any_server.port + 1}",
        f"http://{any_server.host}",
        f"http://localhost:{any_server.port}",
    ):
        assert await handshake_status(any_server, room_id, origin=origin) == 403, origin


async def test_our_own_pages_and_native_clients_are_let_in(any_server: ServerProcess) -> None:
    room_id = create_room(any_server).room_id
    for origin in (None, any_server.url):
        assert await handshake_status(any_server, room_id, origin=origin) == 101


async def test_a_strangers_forwarded_headers_are_not_believed(any_server: ServerProcess) -> None:
    room_id = create_room(any_server).room_id
    asked = {"headers": FORWARDED}

    assert await handshake_status(any_server, room_id, origin="http://evil.example", **asked) == 403
    assert await handshake_status(any_server, room_id, origin=any_server.url, **asked) == 101


async def test_foreign_pages_are_refused_at_every_path(server: ServerProcess) -> None:
    for room_id in ("no-uuid", fresh_key(), "a/b"):
        assert await handshake_status(server, room_id, origin="http://evil.example") == 403


async def test_what_the_operator_lists_is_let_in(start_server: StartServer, knock: Knock) -> None:
    env = {
        "CORS_ALLOWED_ORIGINS": LISTED,
        "CSRF_TRUSTED_ORIGINS": "https://app.example.net",
        "ALLOWED_HOSTS": "*",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    server = start_server(env=env)
    seat = create_room(server)

    alice: Peer = await knock(server, seat.room_id, origin=LISTED)
    await alice.join(seat.key)
    assert await handshake_status(server, seat.room_id, origin="https://app.example.net") == 101
    # ALLOWED_HOSTS=* and DEBUG widen nothing
    assert await handshake_status(server, seat.room_id, origin="http://evil.example") == 403
    await behind_a_trusted_proxy(server, seat.room_id)


async def behind_a_trusted_proxy(server: ServerProcess, room_id: str) -> None:
    headers = {"X-Forwarded-Host": "watch.example.com", "X-Forwarded-Proto": "https"}
    for origin, status in (("https://watch.example.com", 101), (server.url, 403)):
        found = await handshake_status(server, room_id, origin=origin, headers=headers)
        assert found == status, origin
