"""What is measured: SyncPlay as it is served in production, and two baselines beside it.

Every server has a core of its own, and so has the load; databases get what is left.
"""

import atexit
import functools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from tests.peer import create_room
from tests.postgres import SPEED, Postgres
from tests.process import ROOT, Process, ServerProcess
from tests.servers import plain_environment
from tests.valkey import Valkey

BASELINES = Path(__file__).parent / "baselines"

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = {CORES[0]}
LOAD_CORE = {CORES[-1]}
# Of two cores the databases share the server's: the load's must not be disturbed.
OTHER_CORES = set(CORES[1:-1]) or SERVER_CORE


class Server(Protocol):
    """Something with rooms: a socket joins `ws_url/ws/room/<id>/` and is sent a room_update."""

    title: str
    ws_url: str

    @property
    def pid(self) -> int: ...

    def open_room(self) -> tuple[str, str]:
        """A room's id, and the key of its host."""


class SyncPlay(ServerProcess):
    """By `manage.py serve`, on a fresh database, without rate limits and with its log on."""

    def __init__(
        self,
        title: str = "SyncPlay",
        *,
        env: Mapping[str, str] | None = None,
        workers: int = 1,
        given: bool = False,
    ) -> None:
        super().__init__(arguments=["--workers", str(workers)])
        self.title = title
        fresh = {} if given else plain_environment(self.folder)
        self.env = fresh | {"DEBUG": "False", "RATE_LIMITS": "off"} | self.env | dict(env or {})
        self._is_migrated = given

    def start(self) -> None:
        if not self._is_migrated:
            migrate = [sys.executable, "manage.py", "migrate", "-v", "0"]
            subprocess.run(migrate, check=True, **self.options())
        super().start()

    def open_room(self) -> tuple[str, str]:
        seat = create_room(self)
        return seat.room_id, seat.key


class Baseline(Process):
    """Rooms come into being when somebody connects; who is asked for no key."""

    title = ""

    def __init__(self) -> None:
        super().__init__(type(self).__name__.lower())
        self.ws_url = f"ws://{self.host}:{self.port}"

    def is_ready(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def open_room(self) -> tuple[str, str]:
        return str(uuid4()), str(uuid4())

    def options(self) -> dict[str, Any]:
        return {"cwd": ROOT}


class TutorialChannels(Baseline):
    title = "tutorial Channels"

    def command(self) -> list[str]:
        app = "benchmarks.baselines.channels_app:application"
        address = ["--host", self.host, "--port", str(self.port), "--lifespan", "off"]
        quiet = ["--log-level", "warning", "--ws-per-message-deflate", "false"]
        return [sys.executable, "-m", "uvicorn", app, *address, *quiet]


class NodeRelay(Baseline):
    title = "bare relay"

    def command(self) -> list[str]:
        return ["node", str(BASELINES / "relay.cjs"), str(self.port)]

    def options(self) -> dict[str, Any]:
        return {"cwd": ROOT, "env": os.environ | {"NODE_PATH": str(_node_modules())}}


class PicowsRelay(Baseline):
    title = "bare relay"

    def command(self) -> list[str]:
        return [sys.executable, str(BASELINES / "relay.py"), str(self.port)]


def bare_relay(*, small: bool = False) -> Baseline:
    """In Node where that is to be had; a small run asks the network for nothing."""
    return NodeRelay() if not small and _node_modules() else PicowsRelay()


@functools.cache
def _node_modules() -> Path | None:
    """`ws` from npm, in a folder that is gone afterwards."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None
    folder = Path(tempfile.mkdtemp(prefix="syncplay-ws-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "ws@8"]
    done = subprocess.run(install, cwd=folder, capture_output=True, check=False, timeout=60)
    return folder / "node_modules" if done.returncode == 0 else None


class DurablePostgres(Postgres):
    """As the tests' own, but what it has said is committed is on the disk."""

    def command(self) -> list[str]:
        # The last word counts: the tests' own switch these off.
        durable = [word for name in SPEED for word in ("-c", f"{name}=on")]
        return [*super().command(), *durable]


AnyProcess = TypeVar("AnyProcess", bound=Process)


@contextmanager
def running(process: AnyProcess, cores: set[int] = SERVER_CORE) -> Iterator[AnyProcess]:
    """The process on its cores; the load goes back to its own."""
    with ExitStack() as stack:
        os.sched_setaffinity(0, cores)
        try:
            stack.enter_context(process)
        finally:
            os.sched_setaffinity(0, LOAD_CORE)
        yield process


@contextmanager
def databases(
    *wanted: type[Postgres] | type[Valkey],
) -> Iterator[tuple[dict[str, str], dict[str, int]]]:
    """PostgreSQL, Valkey: the environment that leads to them, and their process ids by name."""
    environment: dict[str, str] = {}
    pids: dict[str, int] = {}
    with ExitStack() as stack:
        for kind in wanted:
            process = stack.enter_context(running(kind(), OTHER_CORES))
            if isinstance(process, Postgres):
                environment |= process.environment()
            elif isinstance(process, Valkey):
                environment["REDIS_URL"] = process.url
            pids[kind.__name__.removeprefix("Durable")] = process.pid
        yield environment, pids
