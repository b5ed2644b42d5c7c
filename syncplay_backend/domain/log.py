"""An entry of a room's event log: what the history shows, and what sockets are sent."""

from typing import Any
from uuid import UUID

from msgspec import Struct, to_builtins

from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.state import Room
from syncplay_backend.domain.views import iso


class Entry(Struct, frozen=True, kw_only=True):
    room_id: UUID
    seq: int
    type: str
    by: UUID | None  # the public id of who did it
    at: int  # milliseconds
    data: Any  # JSON, as clients are sent it
    origin: UUID | None = None  # the connection that it came through

    @property
    def subject(self) -> UUID | None:
        """Whom a `user_left` is about."""
        return UUID(self.data["id"]) if self.type == "user_left" else None

    def frame(self) -> str:
        return wire.encode(
            wire.NumberedFrame(
                type=self.type,
                seq=self.seq,
                room_id=self.room_id,
                user_id=self.by,
                timestamp=iso(self.at),
                data=self.data,
            )
        )


def entry(room: Room, event: e.Numbered, origin: UUID | None) -> Entry:
    """The entry of an event that has just been applied to the room."""
    return Entry(
        room_id=room.id,
        seq=room.seq,
        type=wire.event_type(event),
        by=event.by,
        at=event.at,
        data=to_builtins(wire.event_data(event, room.timeline)),
        origin=origin,
    )
