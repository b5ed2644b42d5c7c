"""The log: one readable line an event, written by a thread of its own.

Whoever logs only puts a line down: an event loop must never wait for a disk, nor for a terminal
that is not read. And the thread lets lines gather: woken for each, it would take the interpreter
from those who have work to do, each time.
"""

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

MOST_WAITING = 10_000
GATHERING = 0.05  # seconds
AT_ONCE = 4096  # bytes: what several processes may write into one pipe without mixing their lines
SECONDS_TO_DRAIN = 3.0
STDOUT, STDERR = 1, 2
OWN_LOGGERS = "syncplay_backend."


Line = tuple[int, bytes]  # its level, and what is written


class Output(Protocol):
    level: int

    def write(self, lines: bytes) -> None: ...


class LogHandler(logging.Handler):
    """Sends lines to the file at `path`, and warnings to stderr too; without a path, to stdout.

    The thread starts with the first line, so after any fork: each process has its own.
    """

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.setFormatter(LineFormatter())
        self._outputs: list[Output] = (
            [LogFile(path), Console(STDERR, logging.WARNING)]
            if path
            else [Console(STDOUT, logging.NOTSET)]
        )
        self._thread: threading.Thread | None = None
        self._process = 0
        self._lost = 0
        self._closed = False

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
            if self._closed:
                self._write([(record.levelno, line)])
            else:
                self._start_in_this_process()
                self._put((record.levelno, line))
        except Exception:
            self.handleError(record)

    def _put(self, line: Line) -> None:
        if len(self._lines) >= MOST_WAITING:
            self._lost += 1
            return
        self._lines.append(line)
        if not self._is_something.is_set():
            self._is_something.set()

    def close(self) -> None:
        """Wait until all is written; what still comes afterwards is written at once."""
        closed, self._closed = self._closed, True
        if self._thread and self._process == os.getpid() and not closed:
            self._is_over.set()
            self._is_something.set()
            self._thread.join(SECONDS_TO_DRAIN)
        super().close()

    def _start_in_this_process(self) -> None:
        if self._process == os.getpid():
            return
        # A forked child inherits the lines, and perhaps locks that are held, but not the thread.
        self._process = os.getpid()
        self._lines: deque[Line] = deque()
        self._is_something, self._is_over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._drain, name="log", daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        is_over = False
        while not is_over:
            self._is_something.wait()
            self._is_over.wait(GATHERING)
            self._is_something.clear()  # first: whoever puts a line down from now on sets it again
            is_over = self._is_over.is_set()
            self._write_what_waits()

    def _write_what_waits(self) -> None:
        while lines := self._next():
            self._write(lines)
            for _ in lines:  # only now: what is being written waits, too
                self._lines.popleft()
        self._confess()

    def _next(self) -> list[Line]:
        lines: list[Line] = []
        size = 0
        while len(lines) < len(self._lines):
            line = self._lines[len(lines)]
            size += len(line[1])
            if lines and size > AT_ONCE:
                break
            lines.append(line)
        return lines

    def _confess(self) -> None:
        lost, self._lost = self._lost, 0
        if lost:
            confession = f"    {lost} lines were lost here: too many\n".encode()
            self._write([(logging.ERROR, confession)])

    def _write(self, lines: Iterable[Line]) -> None:
        for output in self._outputs:
            if wanted := b"".join(line for level, line in lines if level >= output.level):
                output.write(wanted)


class LogFile:
    """Appends, whole lines at once, so that several processes may share the file."""

    level = logging.NOTSET

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._identity = (0, 0)
        self._failing = False

    def write(self, lines: bytes) -> None:
        try:
            os.write(self._current(), lines)
            self._failing = False
        except OSError as error:
            self._fall_back(error, lines)

    def _current(self) -> int:
        """The open file; a new one when a log rotation took the old one away."""
        with contextlib.suppress(FileNotFoundError):
            if self._descriptor is not None and identity(os.stat(self._path)) == self._identity:
                return self._descriptor
        self._forget()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        self._identity = identity(os.fstat(descriptor))
        self._descriptor = descriptor
        return descriptor

    def _forget(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _fall_back(self, error: OSError, lines: bytes) -> None:
        console = Console(STDERR, logging.NOTSET)
        if not self._failing:
            console.write(f"The log {self._path} cannot be written: {error.strerror}\n".encode())
        self._failing = True
        console.write(lines)


class Console:
    def __init__(self, descriptor: int, level: int) -> None:
        self.level = level
        self._descriptor = descriptor

    def write(self, lines: bytes) -> None:
        # A terminal that was closed is no reason to fail.
        with contextlib.suppress(OSError):
            os.write(self._descriptor, lines)


class LineFormatter(logging.Formatter):
    """`2026-11-23T18:07:12.345Z INFO     services.lobby: room created`; tracebacks are indented."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-8s %(place)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.place = record.name.removeprefix(OWN_LOGGERS)
        record.message = on_one_line(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return indented(super().formatStack(stack_info))


class WithoutTraceback(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


def on_one_line(text: str) -> str:
    """No control characters, so that what a client sends can neither forge a line nor hide one."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def indented(text: str) -> str:
    return "\n".join(f"    {on_one_line(line)}" for line in text.split("\n"))


def identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
