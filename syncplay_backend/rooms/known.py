"""Rooms as this process last committed them, so that they need not be read again.

Each change of a room by the road gives its row another stamp. Who has locked the row and finds the
stamp that it knows has the whole room in memory, people and all: that is the law that the tests
hold, that a room loaded afresh equals the old one with the events applied. What is written beside
the road (leases) is not known here; see `AFRESH` in `services/road.py`.
"""

from collections import OrderedDict
from secrets import randbits
from uuid import UUID

from syncplay_backend.domain.state import Room

MOST_PEOPLE = 50_000  # about a kilobyte each
BIG = 200  # members: to read them all is a matter of many milliseconds


def new_stamp() -> int:
    """Random and not counted: a restored backup must not come to a number that was known before."""
    return randbits(63) or 1


class KnownRooms:
    """Those used last, as long as there is space for their people."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[UUID, tuple[int, Room]] = OrderedDict()
        self._people = 0

    def get(self, id: UUID, stamp: int) -> Room | None:
        """The room with everybody in it, if it is known as it was at that stamp."""
        known = self._rooms.get(id)
        if known is None or known[0] != stamp:
            return None
        self._rooms.move_to_end(id)
        return known[1]

    def is_big(self, id: UUID) -> bool:
        """Whether it was when it was last read or written whole, however long ago."""
        known = self._rooms.get(id)
        return known is not None and len(known[1].members) > BIG

    def keep(self, room: Room, stamp: int) -> None:
        self.forget(room.id)
        self._rooms[room.id] = (stamp, room)
        self._people += _size(room)
        while self._people > MOST_PEOPLE:
            _, (_, oldest) = self._rooms.popitem(last=False)
            self._people -= _size(oldest)

    def forget(self, id: UUID) -> None:
        known = self._rooms.pop(id, None)
        if known is not None:
            self._people -= _size(known[1])


def _size(room: Room) -> int:
    return 1 + len(room.members)
