"""What a frame must be before anybody reads it: text, not too large, not too many."""

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import COMMAND, FLOOD, FRAME_BYTES
from syncplay_backend.services.limiting import SocketLimit


class FloodGate:
    """Of one socket."""

    class Shut(Exception):  # noqa: N818 - it is no error of ours
        """The frame ends the connection."""

        def __init__(self, why: Refused, close: Close) -> None:
            super().__init__(why.message)
            self.why = why
            self.close = close

    def __init__(self) -> None:
        self._limit = SocketLimit(COMMAND)
        self._refused_in_a_row = 0

    def admit(self, text: str | None) -> str:
        """The text of a frame; None: it was a binary one. Raises `Shut`, or `Refused`
        (`slow_down`)."""
        if text is None:
            binary = Refused(Code.INVALID, "Send text frames of JSON, not binary ones.")
            raise self.Shut(binary, Close.BAD_FRAME)
        if _is_too_large(text):
            large = Refused(Code.TOO_LARGE, f"A frame may have at most {FRAME_BYTES} bytes.")
            raise self.Shut(large, Close.BAD_FRAME)
        self._count()
        return text

    def _count(self) -> None:
        try:
            self._limit.take()
        except Refused as refused:
            self._refused_in_a_row += 1
            if self._refused_in_a_row > FLOOD:
                raise self.Shut(refused, Close.FLOOD) from None
            raise
        self._refused_in_a_row = 0


def _is_too_large(text: str) -> bool:
    most = len(text) * 4  # UTF-8 takes no more
    return most > FRAME_BYTES and len(text.encode()) > FRAME_BYTES
