"""What a session makes known."""

from msgspec import Struct

from syncplay_client.frames import ErrorData, Frame


class Happened(Struct, frozen=True):
    """Something that the room was told, or that only we were."""

    frame: Frame


class Joined(Struct, frozen=True):
    """We are in the room, for the first time or again."""

    resumed: bool


class Answered(Struct, frozen=True):
    """The server's last word on a command: done, with the room's seq, or refused."""

    ref: str
    seq: int = 0
    error: ErrorData | None = None


Happening = Happened | Joined | Answered


class Ended(Exception):  # noqa: N818 - it may well be what was wished
    """There is no way back into this room, and why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The server has not done what was asked, and why."""

    def __init__(self, error: ErrorData) -> None:
        super().__init__(f"{error.code}: {error.error}")
        self.code = error.code
        self.message = error.error
        self.errors = error.errors
