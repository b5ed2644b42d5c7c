"""What a client may write into a field: types that clean, or say what is wrong in a sentence.

Struct fields of these types are read with `read`, whichever door they came through.
"""

import re
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code, Refused

Position = Annotated[float, msgspec.Meta(ge=0, le=limits.POSITION_SECONDS)]


Rate = Annotated[float, msgspec.Meta(ge=limits.SLOWEST, le=limits.FASTEST)]


class Name(str):
    """The name of a person or a room: 1 to 80 characters."""


class Title(str):
    """The title of a video: at most 200 characters."""


class VideoUrl(str):
    """Where a video is: http or https, without credentials."""


class Password(str):
    """A room's password, as typed; empty: none."""


class ChatText(str):
    """A line of chat: 1 to 2,000 characters of plain text."""


class Emoji(str):
    """A reaction: a sign or two."""


class Key:
    """The random UUID that only its member knows. It is never shown: in no log, in no repr."""

    __slots__ = ("value",)

    def __init__(self, value: UUID) -> None:
        self.value = value

    @property
    def hash(self) -> bytes:
        """SHA-256: slow hashing guards guessable secrets, and a random UUID is none."""
        return sha256(self.value.bytes).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return "Key(…)"


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise TypeError("This must be a text.")
    text = value.strip()
    # Composing takes four characters at most to one. To compose what is longer than that, many
    # thousand marks on one letter, could take a second.
    if len(text) <= 4 * longest:
        text = unicodedata.normalize("NFC", text)
    if len(text) > longest:
        raise ValueError(f"This may have at most {longest} characters.")
    if _FORBIDDEN.search(text):
        raise ValueError("Control characters are not allowed here.")
    return text


_FORBIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # Cc: control characters, U+0000 above all
    "\ud800-\udfff"  # Cs: lone surrogates, which no database takes
    "\u2028\u2029"  # Zl, Zp: line ends
    "\u202a-\u202e\u2066-\u2069\ufeff"  # bidi overrides would turn round the text that follows
    "]"
)


# Fillers, joiners and variation selectors that Unicode does not count among the format characters.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))


def is_unseen(character: str) -> bool:
    """Whether a text looks the same with and without it (white space aside)."""
    if character in _FILLERS or character in _SELECTORS:
        return True
    return unicodedata.category(character) == "Cf"


def _is_blank(text: str) -> bool:
    """Nothing that anybody could see: white space, and marks that take no place."""
    return all(is_unseen(c) or unicodedata.category(c) in {"Zs", "Mn", "Me"} for c in text)


def _something(value: object, longest: int) -> str:
    text = _text(value, longest)
    if _is_blank(text):
        raise ValueError("This may not be empty.")
    return text


def clean_name(value: object) -> Name:
    return Name(_something(value, limits.NAME_LENGTH))


def clean_title(value: object) -> Title:
    return Title(_text(value, limits.TITLE_LENGTH))


def clean_password(value: object) -> Password:
    return Password(_text(value, limits.PASSWORD_LENGTH))


def clean_chat(value: object) -> ChatText:
    return ChatText(_something(value, limits.CHAT_LENGTH))


def clean_emoji(value: object) -> Emoji:
    return Emoji(_something(value, limits.EMOJI_LENGTH))


_HOST = re.compile(r"[^\s/?#\\@<>\"^`{|}%]+", re.ASCII | re.IGNORECASE)
# urlsplit overlooks what stands around the brackets of an IPv6 address.
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:]+)(:[0-9]*)?", re.IGNORECASE)


def clean_url(value: object) -> VideoUrl:
    """Parse, and refuse what no player should open (`javascript:`, `file:`, `user:pass@`)."""
    text = _text(value, limits.URL_LENGTH)
    if any(c.isspace() or c == "\\" for c in text):
        raise ValueError("A video's address has no spaces and no backslashes.")
    try:
        parts = urlsplit(text)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("This is no address of a video.") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError("A video's address begins with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("A video's address may not hold a user name or a password.")
    if not _AUTHORITY.fullmatch(parts.netloc) or not port_is_fine:
        raise ValueError("This is no address of a video.")
    if not parts.hostname or not _is_host(parts.hostname):
        raise ValueError("This is no address of a video.")
    return VideoUrl(text)


def _is_host(host: str) -> bool:
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        return False
    return bool(_HOST.fullmatch(ascii_host))


_NO_KEYS = frozenset({UUID(int=0), UUID(int=2**128 - 1)})
_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def clean_key(value: object) -> Key:
    if not isinstance(value, str) or not _CANONICAL.fullmatch(value) or UUID(value) in _NO_KEYS:
        raise ValueError("This must be a random UUID, like the one that create and join answer.")
    return Key(UUID(value))


_CLEANERS: dict[type, Callable[[object], Any]] = {
    Name: clean_name,
    Title: clean_title,
    VideoUrl: clean_url,
    Password: clean_password,
    ChatText: clean_chat,
    Emoji: clean_emoji,
    Key: clean_key,
}


def _clean(kind: type, value: object) -> Any:
    return _CLEANERS[kind](value)


T = TypeVar("T", bound=msgspec.Struct)


def read(kind: type[T], data: object, *, strict: bool = True) -> T:
    """Make a struct of decoded JSON. A field that is null is one that was left out.

    Not `strict`: numbers may be texts, as in a URL.

    Raises `Refused` (`invalid`) that names every field at fault, by the name it has on the wire.
    """
    if not isinstance(data, dict):
        raise Refused(Code.INVALID, "This must be a JSON object.")
    try:
        return msgspec.convert(data, kind, strict=strict, dec_hook=_clean)
    except msgspec.ValidationError:
        return _read_what_is_given(kind, data, strict=strict)


def _read_what_is_given(kind: type[T], data: dict[str, object], *, strict: bool) -> T:
    mark = kind.__struct_config__.tag_field  # ours, and no field of the struct
    given = {name: value for name, value in data.items() if value is not None and name != mark}
    try:
        return msgspec.convert(given, kind, strict=strict, dec_hook=_clean)
    except msgspec.ValidationError:
        errors = _faults(kind, given, strict=strict)
    first = next(iter(errors))
    raise Refused(Code.INVALID, f"{first}: {errors[first][0]}", errors=errors)


def _faults(
    kind: type[msgspec.Struct], data: dict[str, object], *, strict: bool
) -> dict[str, list[str]]:
    """Field by field, so that a form can show all of its errors at once."""
    errors = {}
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        if name in data:
            try:
                msgspec.convert(data[name], field.type, strict=strict, dec_hook=_clean)
            except msgspec.ValidationError as error:
                errors[name] = [_in_words(str(error))]
        elif field.required:
            errors[name] = ["This field is required."]
    return errors


_WORDS = (
    ("Expected `float | null`", "This must be a number."),
    ("Expected `float` >=", "This may not be negative."),
    ("Expected `float` <=", "This is too large."),
    ("Expected `float`", "This must be a number."),
    ("Expected `str` matching regex '^[^", "Control characters are not allowed here."),
    ("Expected `str` matching", "This is none of the values that there are."),
    ("Expected `str` of length >=", "This may not be empty."),
    ("Expected `str` of length <=", "This is too long."),
    ("Expected `str", "This must be a text."),
    ("Expected `int` >=", "This is too small."),
    ("Expected `int` <=", "This is too large."),
    ("Expected `int", "This must be a whole number."),
    ("Expected `object", "This must be a JSON object."),
    ("Number out of range", "This is too large."),
    ("Invalid enum value", "This is none of the values that there are."),
    ("Invalid UUID", "This must be a UUID."),
)


def _in_words(error: str) -> str:
    """msgspec speaks to programmers, and names a path that we name already."""
    said = error.split(" - at `$", 1)[0]
    return next((words for start, words in _WORDS if said.startswith(start)), said)
