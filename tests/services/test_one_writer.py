"""Whatever a process writes, its writer writes it: on SQLite two threads that write would stand in
each other's way, and everywhere locks would be taken out of order."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Sequence

import pytest
from django.db.backends.utils import CursorWrapper

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.fields import Name
from syncplay_backend.domain.wire import JoinFrame
from syncplay_backend.rooms.bulk import Write, is_postgresql
from syncplay_backend.rooms.transaction import OnPostgresql, OnSqlite, Transaction
from syncplay_backend.services import housekeeping, lobby, visits
from syncplay_backend.services.execute import answered
from syncplay_backend.services.lobby import Seat, Wish
from syncplay_backend.services.process import Process
from syncplay_backend.services.reading import read
from syncplay_backend.services.telling import Teller
from syncplay_backend.services.upkeep import Upkeep
from syncplay_backend.services.visits import Caller
from tests.live.lines import a_line
from tests.live.paper import Paper

HOME = "192.0.2.1"
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|WITH)\b", re.IGNORECASE)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The statements that write, by the thread that executed them."""
    seen: dict[str, list[str]] = defaultdict(list)

    def noting(execute):  # type: ignore[no-untyped-def]
        def noted(cursor, sql, *given):  # type: ignore[no-untyped-def]
            if WRITES.match(str(sql)):
                seen[threading.current_thread().name].append(str(sql)[:80])
            return execute(cursor, sql, *given)

        return noted

    def note_all(transaction: Transaction, writes: Sequence[Write]) -> None:
        seen[threading.current_thread().name] += [write.statement[:80] for write in writes]
        write_all(transaction, writes)

    for name in ("execute", "executemany"):
        monkeypatch.setattr(CursorWrapper, name, noting(getattr(CursorWrapper, name)))
    kind = OnPostgresql if is_postgresql() else OnSqlite
    write_all = kind.write
    monkeypatch.setattr(kind, "write", note_all)
    return seen


async def test_nobody_else_writes(process: Process, written: dict[str, list[str]]) -> None:
    seat = await read(lobby.create_room, Wish(name=Name("Movie Night")), Name("Alice"), HOME)
    await come_and_go(seat)
    await read(lobby.join_room, seat.room.id, Name("Bob"), None, HOME)
    await read(lobby.room, seat.room.id, seat.key)
    upkeep, teller = Upkeep(process), Teller(process)
    for chore in (upkeep.renew, upkeep.see, upkeep.sweep, upkeep.tidy, teller.note_round_trips):
        await chore()
    await read(housekeeping.begin_new_epoch)

    assert set(written) == {"writer"}
    assert len(written["writer"]) > 10


async def come_and_go(seat: Seat) -> None:
    caller = Caller(seat.room.id, HOME, a_line(Paper()))
    visit = await visits.enter(caller, seat.key, JoinFrame(protocol=2))
    await answered(visits.command(visit, c.Seek(5.0), id="once"))
    await answered(visits.command(visit, c.Pause(), id="nothing to do"))
    visits.drop(visit)
