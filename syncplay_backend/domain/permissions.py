"""Who may do what."""

from syncplay_backend.domain.people import RANK, Member, Role
from syncplay_backend.domain.policy import Control
from syncplay_backend.domain.state import Room

_LEAST_ROLE = {Control.MODERATORS: Role.MODERATOR, Control.EVERYONE: Role.MEMBER}


def may_control(room: Room, member: Member) -> bool:
    """Play, pause, seek, change the video."""
    if room.is_host(member):
        return True
    least = _LEAST_ROLE.get(room.settings.control)
    return least is not None and RANK[member.role] >= RANK[least]
