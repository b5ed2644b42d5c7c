"""Where the video is, at any instant.

A timeline is a fact, not a ticking thing: at instant `at` the video stood at `position`, moving
at `rate` or standing still. Whoever knows the fact and the time knows the frame. The form is the
timing object's state vector (W3C Multi-Device Timing group: position, velocity, timestamp).
"""

from msgspec import Struct
from msgspec.structs import replace


class Timeline(Struct, frozen=True):
    position: float = 0.0  # seconds into the video, at instant `at`
    at: int = 0  # server clock, milliseconds
    playing: bool = False
    rate: float = 1.0  # seconds of video for each second of time

    def position_at(self, now: int) -> float:
        """Seconds into the video at `now`; before the anchor it still stands at the anchor."""
        if not self.playing:
            return self.position
        return to_milliseconds(self.position + max(0, now - self.at) / 1000 * self.rate)

    def play(self, position: float, at: int) -> "Timeline":
        return replace(self, position=position, at=at, playing=True)

    def pause(self, position: float, at: int) -> "Timeline":
        return replace(self, position=position, at=at, playing=False)

    def change_rate(self, rate: float, position: float, at: int) -> "Timeline":
        return replace(self, position=position, at=at, rate=rate)

    def seek(self, position: float, at: int) -> "Timeline":
        return replace(self, position=position, at=at)


def to_milliseconds(position: float) -> float:
    """Positions have millisecond precision; what is finer is noise of the arithmetic."""
    return round(position, 3)
