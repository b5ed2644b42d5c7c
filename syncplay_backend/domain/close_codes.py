"""Why the server closes a socket. An `error` frame that says so goes before, where it can."""

from enum import IntEnum


class Close(IntEnum):
    LEFT = 1000
    RESTARTING = 1012
    BAD_FRAME = 4400
    NOT_JOINED = 4401
    NOT_ALLOWED = 4403
    NO_SUCH_ROOM = 4404
    TOO_SLOW = 4408
    TOO_MANY_CONNECTIONS = 4409
    ROOM_CLOSED = 4410
    FLOOD = 4429
