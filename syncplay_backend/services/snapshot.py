"""A room as it was at an instant, to be shown to whoever comes in."""

from functools import cached_property
from uuid import UUID

from syncplay_backend.domain import wire
from syncplay_backend.domain.state import Room
from syncplay_backend.domain.views import room_view
from syncplay_backend.live.frames import text_frame


class Snapshot:
    """All who come in together share one: so it is encoded once, and gone with the last of them."""

    def __init__(self, room: Room, now: int) -> None:
        self.room = room
        self.now = now

    @cached_property
    def frame(self) -> bytes:
        """Ready for the wire; the room's `members` must be everybody."""
        return text_frame(wire.room_update(room_view(self.room, self.now)))

    @property
    def starts_later(self) -> bool:
        return self.room.timeline.playing and self.room.timeline.at > self.now

    def has_in_it(self, connection_id: UUID, member_id: UUID) -> bool:
        member = self.room.members.get(member_id)
        return (
            self.room.closed_at is None
            and member is not None
            and any(connection.id == connection_id for connection in member.connections)
        )
