"""What processes used, as the kernel counts it: CPU seconds and memory, with all their children."""

import os
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

# Fields of /proc/<pid>/stat after the name in brackets (man 5 proc).
PARENT = 1
USED = slice(11, 15)  # user and system, its own and of the children it has waited for


def _stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text()
    return text[text.rindex(")") + 2 :].split()


def family(pid: int) -> list[int]:
    """The process and all that it started, directly or not."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                children[int(_stat(int(folder.name))[PARENT])].append(int(folder.name))
            except OSError:  # it ended meanwhile
                continue
    found = [pid]
    for member in found:  # it grows as we go
        found.extend(children[member])
    return found


def seconds(pid: int) -> float:
    """CPU seconds of the process and its family, since they began."""
    return sum(sum(map(int, _stat(member)[USED])) for member in family(pid)) / TICKS


def resident(pid: int) -> int:
    """Bytes of memory that the family holds."""
    return sum(
        int(Path(f"/proc/{member}/statm").read_text().split()[1]) * PAGE for member in family(pid)
    )


@dataclass(frozen=True)
class Used:
    """CPU seconds within a window."""

    wall: float
    of: dict[str, float]
    load: float

    @property
    def server(self) -> float:
        return max(self.of["server"], 1 / TICKS)

    @property
    def load_share(self) -> float:
        return self.load / self.wall

    @property
    def server_share(self) -> float:
        return self.server / self.wall


class Meter:
    """Reads the CPU of named process families, and of the load itself, from now on."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._before = {name: seconds(pid) for name, pid in pids.items()}
        self._load = time.process_time()
        self._began = time.monotonic()

    def read(self) -> Used:
        wall, load = time.monotonic() - self._began, time.process_time() - self._load
        used = {name: seconds(pid) - self._before[name] for name, pid in self._pids.items()}
        return Used(wall, used, load)
