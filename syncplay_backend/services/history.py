"""What has happened in a room, as far back as its log goes."""

from uuid import UUID

from syncplay_backend.domain.fields import Key
from syncplay_backend.rooms.log import Kept, Wanted, page
from syncplay_backend.services.lobby import admit


def messages(room_id: UUID, key: Key | None, wanted: Wanted) -> list[Kept]:
    """A page of the room's events, oldest first, for whoever may see the room.

    Without `after` they are the newest ones (before `before`). Raises `Refused`.
    """
    admit(room_id, key)
    return page(room_id, wanted)


__all__ = ["Kept", "Wanted", "messages"]
