"""What each variable may say."""

import ipaddress
from pathlib import Path

import pytest
from environs import ValidationError

from syncplay_backend.ops import environment as must_be


@pytest.mark.parametrize("text", ["True", "true", "on", "1", " YES "])
def test_a_flag_is_on(text: str) -> None:
    assert must_be.flag(default=False)(text) is True


@pytest.mark.parametrize("text", ["False", "off", "0", "no"])
def test_a_flag_is_off(text: str) -> None:
    assert must_be.flag(default=True)(text) is False


def test_a_flag_that_says_nothing_is_the_default() -> None:
    assert must_be.flag(default=True)("") is True


def test_a_flag_that_is_neither_is_refused() -> None:
    with pytest.raises(ValidationError, match="'maybe'"):
        must_be.flag(default=True)("maybe")


def test_every_development_server_has_a_key() -> None:
    key = must_be.secret_key(debug=True)
    assert len(key("")) >= 50
    assert key("mine") == "mine"


@pytest.mark.parametrize("text", ["", "  ", "django-insecure-anything"])
def test_production_takes_no_key_but_its_own(text: str) -> None:
    with pytest.raises(ValidationError):
        must_be.secret_key(debug=False)(text)


def test_a_key_may_hold_signs_that_mean_something_elsewhere() -> None:
    assert must_be.secret_key(debug=False)("$a#b!c(d)&e") == "$a#b!c(d)&e"


def test_hosts_are_a_list() -> None:
    assert must_be.hosts(debug=False)("a.example, [::1],,10.0.0.5") == [
        "a.example",
        "[::1]",
        "10.0.0.5",
    ]


@pytest.mark.parametrize("text", ["https://a.example", "a.example:8000", "a.example/x", ""])
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        must_be.hosts(debug=False)(text)


def test_origins_are_a_list_in_small_letters() -> None:
    assert must_be.origins("https://A.example, http://b.example:8080,http://[::1]:1") == [
        "https://a.example",
        "http://b.example:8080",
        "http://[::1]:1",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a.example",
        "null",
        "*",
        "https://",
        "https://a.example/",
        "https://a.example/path",
        "https://a.example?x",
        "https://a.example#x",
        "https://user@a.example",
        "https://*.a.example",
        "https://a.example:port",
        "https://a.example:99999",
        "https://[::1",
        "//a.example",
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="has "):
        must_be.origins(f"https://fine.example,{text}")


def test_proxies_are_networks() -> None:
    assert must_be.networks("127.0.0.1, 10.1.2.3/8, ::1") == [
        ipaddress.ip_network("127.0.0.1/32"),
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("::1/128"),
    ]


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.0/33", "300.1.1.1"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        must_be.networks(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", ""),
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("rediss://:secret@h", "rediss://:secret@h"),
        ("valkey://h", "redis://h"),
        ("valkeys://h", "rediss://h"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
    ],
)
def test_valkey_is_a_redis(text: str, url: str) -> None:
    assert must_be.redis_url(text) == url


@pytest.mark.parametrize("text", ["http://h", "localhost:6379", "redis://", "redis:h"])
def test_what_is_no_redis_is_refused_and_its_password_not_shown(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        must_be.redis_url(text.replace("h", "name:hunter2@h"))
    assert "hunter2" not in str(refused.value)


def test_a_database_has_a_user_and_defaults_for_the_rest() -> None:
    assert must_be.database_part("syncplay", required=True)("alice") == "alice"
    assert must_be.database_part("syncplay", default="localhost")("") == "localhost"
    assert must_be.database_part("syncplay")(" spaces stay ") == " spaces stay "
    assert must_be.database_port("syncplay")("") == "5432"


def test_a_database_without_a_user_is_refused() -> None:
    with pytest.raises(ValidationError, match="missing"):
        must_be.database_part("syncplay", required=True)("")


@pytest.mark.parametrize("text", ["0", "65536", "five", "-1", "\N{SUPERSCRIPT TWO}"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        must_be.database_port("syncplay")(text)


def test_a_level_may_be_written_small() -> None:
    assert must_be.log_level("debug") == "DEBUG"
    assert must_be.log_level("") == "INFO"
    with pytest.raises(ValidationError, match="loud"):
        must_be.log_level("loud")


def test_a_path_starts_at_the_root_of_the_project(tmp_path: Path) -> None:
    path = must_be.path_from(tmp_path, default="default.log")
    assert path("") == tmp_path / "default.log"
    assert path("my.log") == tmp_path / "my.log"
    assert path("/tmp/my.log") == Path("/tmp/my.log")
    assert must_be.path_from(tmp_path)("") is None


def test_a_path_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="nowhere"):
        must_be.path_from(tmp_path)("nowhere/my.log")
    with pytest.raises(ValidationError, match="folder"):
        must_be.path_from(tmp_path.parent)(tmp_path.name)
