"""The only reader of the time."""

import time


class Clock:
    """Milliseconds since 1970 that never step back: the wall clock as it was when the process
    began, and the monotonic one from then on."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> int:
        return int((time.monotonic() + self._offset) * 1000)


clock = Clock()
