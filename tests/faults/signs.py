"""What to look for in a server that is said to be unharmed."""

from pathlib import Path

from tests.process import ServerProcess

UNHANDLED = ("Traceback", " CRITICAL ", "never awaited", "never retrieved", "Fatal error")
KIB = 1024
MIB = 1024 * KIB


def nothing_unhandled(server: ServerProcess, *, errors: bool = False) -> None:
    """`errors`: that it tells of one, in a line of its own, is right here."""
    told = server.logged()
    for sign in UNHANDLED if errors else (*UNHANDLED, " ERROR "):
        assert sign not in told, told[-6_000:]


def resident(server: ServerProcess) -> int:
    """Bytes of memory that the process has now."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * KIB
