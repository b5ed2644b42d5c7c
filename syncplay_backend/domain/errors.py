"""Every way to be told no. A refusal is for people (`message`) and for programs (`code`)."""

from enum import StrEnum


class Code(StrEnum):
    """The codes a client can meet, over REST and over the socket."""

    INVALID = "invalid"
    UNKNOWN_USER = "unknown_user"
    NOT_JOINED = "not_joined"
    NOT_ALLOWED = "not_allowed"
    WRONG_PASSWORD = "wrong_password"
    BANNED = "banned"
    ROOM_NOT_FOUND = "room_not_found"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NAME_TAKEN = "name_taken"
    CONFLICT = "conflict"
    ROOM_CLOSED = "room_closed"
    TOO_LARGE = "too_large"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    SLOW_DOWN = "slow_down"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server_error"


RETRYABLE = frozenset({Code.SLOW_DOWN, Code.UNAVAILABLE})


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A command or a request that is not obeyed, and why.

    `errors` names the fields at fault; `retry_after` is in seconds.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        errors: dict[str, list[str]] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = errors
        self.retry_after = retry_after

    @property
    def retryable(self) -> bool:
        return self.code in RETRYABLE


def room_not_found() -> Refused:
    return Refused(Code.ROOM_NOT_FOUND, "There is no such room. Ask for a new link.")


def unknown_user() -> Refused:
    return Refused(
        Code.UNKNOWN_USER,
        "This key belongs to nobody in the room. Join the room first.",
    )


def unavailable(retry_after: float = 1) -> Refused:
    return Refused(
        Code.UNAVAILABLE,
        "The server cannot do this right now. Try again in a moment.",
        retry_after=retry_after,
    )


def server_error() -> Refused:
    return Refused(
        Code.SERVER_ERROR, "Something went wrong on the server. It is in its log; nothing changed."
    )
