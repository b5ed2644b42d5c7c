"""Be in a SyncPlay room from Python."""

from syncplay_client.connection import RoomConnection, connect
from syncplay_client.follower import Follower
from syncplay_client.frames import Frame as Event
from syncplay_client.happenings import Ended, Refused
from syncplay_client.people import Line, Member, Status, Waiting
from syncplay_client.player import Manners, Player, VirtualPlayer
from syncplay_client.rest import Seat, create_room, join_room
from syncplay_client.room import Room
from syncplay_client.timeline import Timeline

__all__ = [
    "Ended",
    "Event",
    "Follower",
    "Line",
    "Manners",
    "Member",
    "Player",
    "Refused",
    "Room",
    "RoomConnection",
    "Seat",
    "Status",
    "Timeline",
    "VirtualPlayer",
    "Waiting",
    "connect",
    "create_room",
    "join_room",
]
