"""Child processes that tests start: one way to start, watch, stop and remove them all.

Each runs in a session of its own, so that Ctrl-C reaches only pytest, which then stops them.
"""

from __future__ import annotations

import atexit
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.02
LOG_TAIL = 4_000

Kind = Literal["uvicorn", "daphne", "runserver"]


class UnavailableError(Exception):
    """What a test wants cannot be had on this machine; the text says why."""


class DiedError(AssertionError):
    """A process ended, or never came up, that should run; the text holds its log."""


def free_port() -> int:
    """A port that the system gives to no outgoing connection: it is still free at a restart."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Process(ABC):
    """A program with a port and a folder of its own; `with` starts it and leaves nothing behind."""

    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, name: str) -> None:
        self.name = name
        self.host = "127.0.0.1"
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"syncplay-{name}-"))
        self.log = self.folder / "output.log"
        self._child: subprocess.Popen[bytes] | None = None
        atexit.register(self.remove)

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers what tests will ask of it."""

    def options(self) -> dict[str, Any]:
        """More arguments of Popen: environment, folder, user."""
        return {}

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        if self._child is None:
            raise DiedError(f"{self.name} is not running")
        return self._child.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.options(),
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Ask it to end, and wait until it has; one that had died by itself is told as an error."""
        if self._child is None:
            return
        died = self._child.poll() is not None
        self._end(self.stop_signal)
        if died:
            raise DiedError(self._story("died by itself"))

    def kill(self) -> None:
        """End it as a crash would, its own children too."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """The same port again, with what lies in its folder; fine after `kill` too."""
        self.stop()
        self.start()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.remove)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            self.stop()
        finally:
            self.remove()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if not self.is_running:
                raise DiedError(self._story("died at its start"))
            if time.monotonic() > deadline:
                raise DiedError(self._story(f"did not come up within {START_SECONDS:.0f} s"))
            time.sleep(POLL_SECONDS)

    def _end(self, how: signal.Signals) -> None:
        if self._child is None:
            return
        if self._child.poll() is None:
            self._child.send_signal(how)
            try:
                self._child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._sweep(signal.SIGKILL)
                self._child.wait()
        self._sweep(signal.SIGKILL)
        self._child = None

    def _sweep(self, how: signal.Signals) -> None:
        """Reach what the process left behind in its session (workers of a killed parent)."""
        try:
            os.killpg(self.pid, how)
        except (ProcessLookupError, PermissionError):
            return

    def _story(self, what: str) -> str:
        code = self._child.returncode if self._child else None
        tail = self.log.read_text(errors="replace")[-LOG_TAIL:] if self.log.exists() else ""
        return f"{self.name} {what} (exit code {code}). Its log:\n{tail}"


class ServerProcess(Process):
    """SyncPlay itself, served in one of the three ways that the contract names."""

    def __init__(
        self,
        kind: Kind = "uvicorn",
        *,
        env: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.url = f"http://{self.host}:{self.port}"
        self.ws_url = f"ws://{self.host}:{self.port}"
        self.event_log = self.folder / "syncplay.log"
        self.env = {"LOG_FILE": str(self.event_log), "PYTHONUNBUFFERED": "1", **(env or {})}
        self.arguments = list(arguments)

    def command(self) -> list[str]:
        port = str(self.port)
        manage = [sys.executable, "manage.py"]
        daphne = [sys.executable, "-m", "daphne", "-b", self.host, "-p", port]
        starts: dict[Kind, list[str]] = {
            "uvicorn": [*manage, "serve", "--host", self.host, "--port", port],
            "daphne": [*daphne, "syncplay_backend.asgi:application"],
            "runserver": [*manage, "runserver", f"{self.host}:{port}", "--noreload"],
        }
        return starts[self.kind] + self.arguments

    def options(self) -> dict[str, Any]:
        return {"cwd": ROOT, "env": {**os.environ, **self.env}}

    def is_ready(self) -> bool:
        """Healthy, with its database and its channel layer."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            connection.request("GET", "/api/health/")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def logged(self) -> str:
        """All that it wrote so far, to its output and to its log file."""
        files = [file for file in (self.log, self.event_log) if file.exists()]
        return "".join(file.read_text(errors="replace") for file in files)
