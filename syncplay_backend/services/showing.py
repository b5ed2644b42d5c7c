"""Times as people are shown them, by the pages and by the admin."""

from datetime import UTC, datetime

from syncplay_backend.live.clock import clock


def now() -> int:
    """The server's time (ms)."""
    return clock.now()


def as_instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def as_position(seconds: float) -> str:
    """Where a video stands, as players write it: 4:05, or 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
