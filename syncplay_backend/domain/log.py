"""An entry of a room's event log: what the history shows, and what sockets are sent."""

from typing import Any
from uuid import UUID

from msgspec import Struct, to_builtins

from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.event_data import event_data
from syncplay_backend.domain.state import Room
from syncplay_backend.domain.views import iso

_DUE = {"play": "at", "waiting": "until"}


class Source(Struct, frozen=True):
    """Where the first event of a command came from."""

    connection_id: UUID | None = None
    ref: str | None = None
    digest: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    room_id: UUID
    seq: int
    type: str
    by: UUID | None  # the public id of who did it
    at: int  # milliseconds
    data: Any  # JSON, as clients are sent it
    origin: UUID | None = None  # the connection that it came through
    ref: str | None = None  # the `id` of the command that it is the first event of
    digest: str = ""  # of that command's content
    crowd: int = 0  # members after somebody came or went; 0: not known

    @property
    def subject(self) -> UUID | None:
        """Whom a `user_left` is about."""
        return UUID(self.data["id"]) if self.type == "user_left" else None

    @property
    def due(self) -> int:
        """When (ms) a start takes effect, or a wait ends, if later than it happened; else 0."""
        due = int(self.data.get(_DUE.get(self.type, ""), 0))
        return due if due > self.at else 0

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


class Receipt(Struct, frozen=True, kw_only=True):
    """A command with an `id` that had nothing to change."""

    room_id: UUID
    member_id: UUID
    ref: str
    digest: str
    seq: int
    at: int


def entry(room: Room, event: e.Numbered, source: Source) -> Entry:
    """The entry of an event that has just been applied to the room."""
    data = to_builtins(event_data(event, room.timeline))
    if source.ref:
        data["ref"] = source.ref
    type = str(event.__struct_config__.tag)
    return Entry(
        room_id=room.id,
        seq=room.seq,
        type=type,
        by=event.by,
        at=event.at,
        data=data,
        origin=source.connection_id,
        ref=source.ref,
        digest=source.digest,
        crowd=len(room.members) if type in wire.PRESENCE else 0,
    )
