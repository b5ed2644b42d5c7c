"""The only reader of the time."""

import threading
import time

SLEW = 0.5  # ms a second: how fast a small error is worked off, so that no client sees a step
STEP = 250.0  # ms: a larger one is not worked off but adopted


class Clock:
    """Milliseconds since 1970. It never steps back, but for a step that is announced.

    `monotonic()` plus an offset: at first the wall clock's, then the database server's, which all
    processes share.
    """

    def __init__(self) -> None:
        self._offset = (time.time() - time.monotonic()) * 1000
        self._to_slew = 0.0
        self._slewed_at = time.monotonic()
        self._lock = threading.Lock()

    def now(self) -> int:
        return int(self.precise())

    def precise(self) -> float:
        """With the fractions of a millisecond."""
        if not self._to_slew:  # nearly always, and asked for with every frame
            return time.monotonic() * 1000 + self._offset
        with self._lock:
            now = time.monotonic()
            most = SLEW * (now - self._slewed_at)
            part = max(-most, min(most, self._to_slew))
            self._offset += part
            self._to_slew -= part
            self._slewed_at = now
            return now * 1000 + self._offset

    def correct(self, error: float) -> bool:
        """The true time is `error` ms later than ours. Whether that was a step, not a slew."""
        with self._lock:
            if abs(error) <= STEP:
                self._slewed_at = time.monotonic()
                self._to_slew = error
                return False
            self._offset += error
            self._to_slew = 0.0
            return True


clock = Clock()
