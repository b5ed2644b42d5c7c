"""Who is believed when it says who asks."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from syncplay_backend.ops.proxies import FORWARDED, TrustedProxies
from tests.conftest import StartServer
from tests.peer import Rest
from tests.process import ServerProcess

PROXY, BOB = "10.0.0.1", "203.0.113.7"
Headers = dict[str, str]


@pytest.fixture(autouse=True, scope="module")
def _trusted() -> Iterator[None]:
    with override_settings(TRUSTED_PROXIES=[ip_network("10.0.0.0/8"), ip_network("::1")]):
        yield


def seen(
    headers: Headers | list[tuple[bytes, bytes]], client: str | None = PROXY, kind: str = "http"
) -> dict[str, Any]:
    """The scope as those within see it."""
    inside: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        inside.append(scope)

    raw = (
        [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        if isinstance(headers, dict)
        else headers
    )
    scope = {
        "type": kind,
        "scheme": "http" if kind == "http" else "ws",
        "client": client and (client, 4711),
        "headers": [(b"host", b"inner:8000"), (b"accept", b"*/*"), *raw],
    }
    before = repr(scope)
    running = TrustedProxies(app)(scope, None, None)  # type: ignore[arg-type]
    with pytest.raises(StopIteration):
        running.send(None)
    assert repr(scope) == before, "the server's own scope was changed"
    return inside[0]


def host(scope: dict[str, Any]) -> bytes:
    (value,) = [value for name, value in scope["headers"] if name == b"host"]
    return bytes(value)


def test_our_proxy_is_believed() -> None:
    said = {
        "X-Forwarded-For": BOB,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "watch.example.com",
    }
    scope = seen(said)
    assert scope["client"] == (BOB, 0)
    assert scope["scheme"] == "https"
    assert host(scope) == b"watch.example.com"
    assert (b"accept", b"*/*") in scope["headers"]


def test_who_comes_by_no_proxy_is_seen_as_the_server_sees_it() -> None:
    scope = seen({})

    assert (scope["client"], scope["scheme"], host(scope)) == ((PROXY, 4711), "http", b"inner:8000")
    assert [name for name, _ in scope["headers"]] == [b"host", b"accept"]


def test_a_stranger_is_not() -> None:
    said = {
        "X-Forwarded-For": "198.51.100.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example.com",
    }
    scope = seen(said, client=BOB)
    assert scope["client"] == (BOB, 4711)
    assert scope["scheme"] == "http"
    assert host(scope) == b"inner:8000"


@pytest.mark.parametrize("client", [PROXY, BOB, None])
def test_nothing_further_in_can_read_the_headers(client: str | None) -> None:
    scope = seen({"X-Forwarded-For": BOB, "X-Forwarded-Proto": "https"}, client=client)
    assert not [name for name, _ in scope["headers"] if name in FORWARDED]


@pytest.mark.parametrize(
    ("proto", "scheme"), [("https", "wss"), ("wss", "wss"), ("http", "ws"), ("WSS", "wss")]
)
def test_a_socket_has_a_scheme_of_its_own(proto: str, scheme: str) -> None:
    assert seen({"X-Forwarded-Proto": proto}, kind="websocket")["scheme"] == scheme


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        (f"198.51.100.9, {BOB}", BOB),  # Bob claims to be somebody else
        (f"198.51.100.9, {BOB}, 10.1.1.1", BOB),  # through two of ours
        ("10.2.2.2, 10.1.1.1", "10.2.2.2"),  # from within our own network
        (f"{BOB}:5555", BOB),
        ("2001:db8::5", "2001:db8::5"),
        ("[2001:db8::5]:443", "2001:db8::5"),
        (f"::ffff:{BOB}", BOB),
        (f"{BOB}, ::1", BOB),
        (f"{BOB}, unknown", PROXY),
        (f"{BOB}, ", PROXY),
        ("", PROXY),
    ],
)
def test_the_client_is_the_nearest_address_that_is_not_ours(chain: str, client: str) -> None:
    assert seen({"X-Forwarded-For": chain})["client"][0] == client


def test_a_list_may_be_sent_over_several_lines() -> None:
    lines = [(b"x-forwarded-for", b"198.51.100.9"), (b"x-forwarded-for", BOB.encode())]
    assert seen(lines)["client"] == (BOB, 0)


def test_our_proxy_may_come_over_ipv6() -> None:
    assert seen({"X-Forwarded-For": BOB}, client="::1")["client"] == (BOB, 0)
    assert seen({"X-Forwarded-For": BOB}, client=f"::ffff:{PROXY}")["client"] == (BOB, 0)


@pytest.mark.parametrize("value", ["ftp", "", "https://", "javascript"])
def test_a_scheme_that_is_none_is_ignored(value: str) -> None:
    assert seen({"X-Forwarded-Proto": value})["scheme"] == "http"


@pytest.mark.parametrize(
    "value", ["", "a b", "a/b", "a@b", "-a", "a:port", "a:123456", "[::1", "ex\xe4mple.com"]
)
def test_a_host_that_is_none_is_ignored(value: str) -> None:
    assert host(seen({"X-Forwarded-Host": value})) == b"inner:8000"


@pytest.mark.parametrize("value", ["localhost:8000", "watch.example.com", "[::1]:8000", "10.0.0.5"])
def test_a_host_may_have_a_port(value: str) -> None:
    assert host(seen({"X-Forwarded-Host": value})) == value.encode()


def test_the_lifespan_passes() -> None:
    passed: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope)

    scope = {"type": "lifespan"}
    with pytest.raises(StopIteration):
        TrustedProxies(app)(scope, None, None).send(None)  # type: ignore[arg-type,attr-defined]
    assert passed == [scope]


GARBAGE = st.lists(st.tuples(st.sampled_from(FORWARDED), st.binary(max_size=60)), max_size=6)
ALMOST = st.lists(
    st.tuples(
        st.sampled_from(FORWARDED),
        st.text("0123456789abcdef.:[], wshtp", max_size=40).map(str.encode),
    ),
    max_size=6,
)


@settings(deadline=None, database=None)
@given(headers=GARBAGE | ALMOST, client=st.sampled_from([PROXY, BOB, "", "unix:", None]))
def test_whatever_is_sent_the_scope_makes_sense(
    headers: list[tuple[bytes, bytes]], client: str | None
) -> None:
    scope = seen(headers, client=client)
    assert scope["scheme"] in {"http", "https"}
    assert not [name for name, _ in scope["headers"] if name in FORWARDED]
    assert host(scope)
    if client == PROXY:
        ip_address(scope["client"][0])
    else:
        assert scope["client"] == (client and (client, 4711))


BEHIND_TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "watch.example.com"}


def websocket_url(server: ServerProcess) -> str:
    wish = {"room_name": "Movie Night", "user_name": "Alice"}
    answer = Rest(server).post("/api/rooms/create/", wish, headers=BEHIND_TLS)
    return str(answer.body["websocket_url"])


def test_behind_a_proxy_that_is_trusted_links_are_those_of_the_client(
    start_server: StartServer,
) -> None:
    hosts = "127.0.0.1,watch.example.com"
    behind = start_server(env={"TRUSTED_PROXIES": "127.0.0.0/8", "ALLOWED_HOSTS": hosts})
    assert websocket_url(behind).startswith("wss://watch.example.com/ws/room/")


def test_nobody_is_trusted_unless_named(any_server: ServerProcess) -> None:
    assert websocket_url(any_server).startswith(f"{any_server.ws_url}/ws/room/")
