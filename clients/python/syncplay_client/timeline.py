"""Where the video is, at any instant: the twin of the server's `domain/timeline.py`."""

from msgspec import Struct


class Timeline(Struct, frozen=True):
    """At instant `at` the video stood at `position`, moving at `rate` or standing still."""

    position: float = 0.0  # seconds into the video, at instant `at`
    at: float = 0  # server clock, milliseconds
    playing: bool = False
    rate: float = 1.0  # seconds of video for each second of time

    def position_at(self, now: float) -> float:
        """Seconds into the video at `now`; before the anchor it still stands at the anchor."""
        if not self.playing:
            return self.position
        return to_milliseconds(self.position + max(0, now - self.at) / 1000 * self.rate)

    def is_moving_at(self, now: float) -> bool:
        """Whether the picture moves: a play may be scheduled for an instant to come."""
        return self.playing and now >= self.at


def to_milliseconds(position: float) -> float:
    """Positions have millisecond precision; what is finer is noise of the arithmetic."""
    return round(position, 3)
