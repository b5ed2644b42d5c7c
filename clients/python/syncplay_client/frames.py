"""What goes over the socket, both ways: a type, what it says, and where it stands in the order."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct


class Frame(Struct, frozen=True, rename="camel"):
    """What the server says. A numbered event bears `seq`; a merged one stands for a range."""

    type: str
    data: dict[str, Any] = {}
    seq: int | None = None
    from_seq: int | None = None
    user_id: str | None = None  # public id of who did it
    timestamp: str | None = None

    @property
    def first_seq(self) -> int | None:
        return self.seq if self.from_seq is None else self.from_seq


class ErrorData(Struct, frozen=True, rename="camel"):
    error: str = ""
    code: str = "unknown"
    retryable: bool = False
    retry_after: float = 0.0  # seconds
    errors: dict[str, list[str]] = {}  # by field
    ref: str | None = None


class NotUnderstood(ValueError):  # noqa: N818 - it may be a newer server's, and no error
    """A frame, or what it says, is not of the form that is known here."""


_frames = msgspec.json.Decoder(Frame)
_encoder = msgspec.json.Encoder()


def decode(text: str | bytes) -> Frame:
    try:
        return _frames.decode(text)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise NotUnderstood(str(error)) from None


def encode(
    kind: str, data: dict[str, Any], *, key: str | None = None, id: str | None = None
) -> str:
    envelope = {"type": kind, "userId": key, "data": data, "id": id}
    return _encoder.encode({k: v for k, v in envelope.items() if v is not None}).decode()


T = TypeVar("T", bound=Struct)


def read(kind: type[T], data: object) -> T:
    """What a frame says, as a struct; fields that are not known here are passed over."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise NotUnderstood(str(error)) from None
