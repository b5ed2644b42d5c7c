"""What a room's people may set."""

from enum import StrEnum

from msgspec import Struct


class Control(StrEnum):
    """Who may play, pause, seek and change the video."""

    HOST = "host"
    MODERATORS = "moderators"
    EVERYONE = "everyone"


class WaitFor(StrEnum):
    """For whom the room stands still while they are short of video."""

    ALL = "all"
    HOST = "host"
    NEVER = "never"


class Settings(Struct, frozen=True):
    control: Control = Control.HOST
    wait: WaitFor = WaitFor.ALL
