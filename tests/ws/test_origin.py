"""Which pages may open a socket."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from syncplay_backend.ws.origin import is_allowed

HOST = "watch.example.com"


def scope(origin: str | None, host: str = HOST, scheme: str = "ws") -> dict[str, object]:
    headers = [(b"host", host.encode("latin-1"))]
    if origin is not None:
        headers.append((b"origin", origin.encode("latin-1")))
    return {"type": "websocket", "scheme": scheme, "headers": headers}


def at_home(**more: object) -> override_settings:
    plain = {
        "ALLOWED_HOSTS": [HOST, "localhost", "[::1]"],
        "CORS_ALLOWED_ORIGINS": [],
        "CSRF_TRUSTED_ORIGINS": [],
        "DEBUG": False,
    }
    return override_settings(**(plain | more))


@pytest.fixture(autouse=True)
def _at_home() -> Iterator[None]:
    with at_home():
        yield


def test_who_is_no_browser_is_let_in() -> None:
    assert is_allowed(scope(None))


@pytest.mark.parametrize(
    ("origin", "host", "scheme"),
    [
        ("http://watch.example.com", "watch.example.com", "ws"),
        ("http://watch.example.com", "watch.example.com:80", "ws"),
        ("http://watch.example.com:80", "watch.example.com", "ws"),
        ("http://watch.example.com:8000", "watch.example.com:8000", "ws"),
        ("http://WATCH.example.com", "watch.EXAMPLE.com", "ws"),
        ("https://watch.example.com", "watch.example.com", "wss"),
        ("https://watch.example.com", "watch.example.com:443", "wss"),
        ("http://localhost:8000", "localhost:8000", "ws"),
        ("http://[::1]:8000", "[::1]:8000", "ws"),
    ],
)
def test_a_page_of_our_own_is_let_in(origin: str, host: str, scheme: str) -> None:
    assert is_allowed(scope(origin, host, scheme))


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "*",
        "file://",
        "http://evil.example",
        "https://watch.example.com",
        "http://watch.example.com:8000",
        "http://watch.example.com:0",
        "http://watch.example.com:notaport",
        "http://watch.example.com.evil.example",
        "http://evilwatch.example.com",
        "http://sub.watch.example.com",
        "http://example.com",
        "ws://watch.example.com",
        "ftp://watch.example.com",
        "//watch.example.com",
        "watch.example.com",
        "http://",
        "http://[",
        "http://watch.example.com@evil.example",
        "http://evil.example#watch.example.com",
        "http://evil.example, http://watch.example.com",
        "chrome-extension://abcdefgh",
        "http://wätch.example.com",
    ],
)
def test_a_page_of_another_origin_is_not(origin: str) -> None:
    assert not is_allowed(scope(origin))


def test_our_own_page_over_tls_does_not_open_plain_sockets() -> None:
    assert not is_allowed(scope(f"http://{HOST}", scheme="wss"))


def test_a_name_that_is_not_ours_is_nobodys_own_origin() -> None:
    assert not is_allowed(scope("http://evil.example", "evil.example"))


def test_a_request_without_a_host_has_no_own_origin() -> None:
    assert not is_allowed({"scheme": "ws", "headers": [(b"origin", b"http://")]})
    assert not is_allowed({"scheme": "ws", "headers": [(b"origin", b"http://localhost")]})


@pytest.mark.parametrize("setting", ["CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS"])
def test_a_listed_origin_is_let_in(setting: str) -> None:
    listed = ["https://app.example.org", "http://localhost:3000"]
    with at_home(**{setting: listed}):
        assert all(is_allowed(scope(origin)) for origin in listed)
        assert is_allowed(scope("https://APP.example.org:443"))
        assert not is_allowed(scope("http://app.example.org"))
        assert not is_allowed(scope("https://app.example.org:8443"))
        assert not is_allowed(scope("https://sub.app.example.org"))
        assert not is_allowed(scope("http://localhost:3001"))


def test_a_star_stands_for_nothing() -> None:
    with at_home(CSRF_TRUSTED_ORIGINS=["https://*.example.org"]):
        assert not is_allowed(scope("https://app.example.org"))


def test_hosts_for_everybody_do_not_widen_the_origins() -> None:
    with at_home(ALLOWED_HOSTS=["*"], DEBUG=True):
        assert not is_allowed(scope("http://evil.example"))
        assert not is_allowed(scope("null"))
        assert is_allowed(scope(f"http://{HOST}"))


def test_allowed_hosts_are_no_origins() -> None:
    with at_home(ALLOWED_HOSTS=[HOST, "other.example.com", ".example.com"]):
        assert not is_allowed(scope("http://other.example.com"))


def test_in_debug_only_this_machine_is_its_own_origin() -> None:
    with at_home(ALLOWED_HOSTS=[], DEBUG=True):
        assert is_allowed(scope("http://localhost:8000", "localhost:8000"))
        assert is_allowed(scope("http://127.0.0.1:8000", "127.0.0.1:8000"))
        assert not is_allowed(scope("http://evil.example:8000", "evil.example:8000"))


@given(st.text(st.characters(codec="latin-1")), st.text(st.characters(codec="latin-1")))
def test_garbage_is_refused_without_an_error(origin: str, host: str) -> None:
    assert isinstance(is_allowed(scope(origin, host)), bool)
    assert not is_allowed(scope(origin))


hosts = st.from_regex(r"[a-z0-9]{1,10}(\.[a-z0-9]{1,10}){0,3}", fullmatch=True)
ports = st.none() | st.integers(1, 65535)


@given(st.sampled_from(["http", "https"]), hosts, ports, st.sampled_from(["ws", "wss"]))
def test_only_the_very_same_origin_is_our_own(
    page_scheme: str, host: str, port: int | None, scheme: str
) -> None:
    suffix = "" if port is None else f":{port}"
    default = {"http": 80, "https": 443}[page_scheme]
    own_port = {"ws": 80, "wss": 443}[scheme]
    is_own = host == HOST and {"ws": "http", "wss": "https"}[scheme] == page_scheme
    allowed = is_allowed(scope(f"{page_scheme}://{host}{suffix}", scheme=scheme))

    assert allowed == (is_own and (port or default) == own_port)
