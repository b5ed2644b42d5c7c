"""What the environment may say: the text of each variable becomes a value, or a reason why not.

Everything is read before anything is refused, so that one start names every wrong variable.
"""

import ipaddress
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environs import Env, EnvValidationError, ValidationError

Value = TypeVar("Value")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PUBLIC_KEY_PREFIX = "django-insecure-"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
REDIS_SCHEMES = {
    "redis": "redis",
    "rediss": "rediss",
    "valkey": "redis",
    "valkeys": "rediss",
    "unix": "unix",
}
HIGHEST_PORT = 65535


class Environment:
    """The process's environment over the `.env` file."""

    def __init__(self, dotenv: Path) -> None:
        self._env = Env(eager=False)
        self._env.read_env(dotenv, recurse=False)
        self._env.add_parser("parsed", lambda text, parse: parse(text))
        self.names: list[str] = []

    def read(self, name: str, parse: Callable[[str], Value], unset: str = "") -> Value:
        self.names.append(name)
        # After a refusal this is None, but then `seal` lets nobody get to use it.
        value: Value = self._env.parsed(name, unset, parse=parse)
        return value

    def seal(self) -> None:
        try:
            self._env.seal()
        except EnvValidationError as refused:
            reasons = refused.error_messages
            assert isinstance(reasons, Mapping)
            wrong = [f"  {name} {why}" for name, whys in reasons.items() for why in whys]
            raise ImproperlyConfigured(
                "The environment is not right (see .env.example):\n" + "\n".join(wrong)
            ) from None


def flag(*, default: bool) -> Callable[[str], bool]:
    def parse(text: str) -> bool:
        word = text.strip().lower()
        if word in ("true", "on", "yes", "1"):
            return True
        if word in ("false", "off", "no", "0"):
            return False
        if not word:
            return default
        raise ValidationError(f"is {text!r}: write True or False (or on or off).")

    return parse


def secret_key(*, debug: bool) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if debug:
            return text.strip() or get_random_secret_key()
        if not text.strip():
            raise ValidationError("is missing: with DEBUG off the server needs a key of its own.")
        if text.startswith(PUBLIC_KEY_PREFIX):
            raise ValidationError(
                "is the public one of .env.example: with DEBUG off make your own."
            )
        return text.strip()

    return parse


def hosts(*, debug: bool) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        names = listed(text)
        if not names and not debug:
            raise ValidationError("is missing: with DEBUG off, name the hosts that are served.")
        for name in names:
            if "/" in name or (":" in name and not name.endswith("]")):
                raise ValidationError(f"has {name!r}: write a host name, no scheme and no port.")
        return names

    return parse


def origins(text: str) -> list[str]:
    return [origin(item) for item in listed(text)]


def origin(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValidationError(f"has {text!r}: that is no origin.") from None
    exact = parts.scheme and parts.hostname and "@" not in parts.netloc and "*" not in parts.netloc
    if not exact or text != f"{text.partition('://')[0]}://{parts.netloc}" or port == 0:
        raise ValidationError(f"has {text!r}: write scheme://host or scheme://host:port, no more.")
    return text.lower()


def networks(text: str) -> list[Network]:
    return [network(item) for item in listed(text)]


def network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValidationError(
            f"has {text!r}: write an address or a network (10.0.0.0/8)."
        ) from None


def redis_url(text: str) -> str:
    """The URL as the client spells it, which knows Valkey by its older name only."""
    if not text.strip():
        return ""
    scheme, _, rest = text.strip().partition("://")
    if scheme not in REDIS_SCHEMES or not rest:
        # The URL may hold a password, and this goes to the terminal and the log.
        raise ValidationError("starts with none of redis:// rediss:// valkey:// valkeys:// unix://")
    return f"{REDIS_SCHEMES[scheme]}://{rest}"


def database_name(text: str) -> str:
    return text.strip()


def database_part(
    database: str, *, default: str = "", required: bool = False
) -> Callable[[str], str]:
    """One of DB_*: makes sense with a DB_NAME only, so that nobody gets SQLite unawares."""

    def parse(text: str) -> str:
        if text and not database:
            raise ValidationError(
                "is set but DB_NAME is not: set both (PostgreSQL) or none (SQLite)."
            )
        if required and database and not text:
            raise ValidationError("is missing: DB_NAME is set.")
        return text or default

    return parse


def database_port(database: str) -> Callable[[str], str]:
    part = database_part(database, default="5432")

    def parse(text: str) -> str:
        port = part(text.strip())
        if not (port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT):
            raise ValidationError(f"is {text!r}: write a port number.")
        return port

    return parse


def log_level(text: str) -> str:
    level = text.strip().upper() or logging.getLevelName(logging.INFO)
    if level not in LOG_LEVELS:
        raise ValidationError(f"is {text!r}: write one of {', '.join(LOG_LEVELS)}.")
    return level


def path_from(root: Path, *, default: str = "") -> Callable[[str], Path | None]:
    """A file, relative to the project's root; None where neither text nor default names one."""

    def parse(text: str) -> Path | None:
        name = text.strip() or default
        if not name:
            return None
        path = root / Path(name).expanduser()
        if not path.parent.is_dir():
            raise ValidationError(f"is {text!r}: the folder {path.parent} is not there.")
        if path.is_dir():
            raise ValidationError(f"is {text!r}: that is a folder.")
        return path

    return parse


def listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
