"""What somebody wants to happen. Frozen values, whichever door they came through.

The structs with a tag are what a client may send, under that `type` and with these fields (in
camelCase) as `data`; the others are the server's own.
"""

from uuid import UUID

from msgspec import Struct

from syncplay_backend.domain.fields import Key, Name, Position, Title, VideoUrl
from syncplay_backend.domain.state import Settings, Visibility


class Play(Struct, frozen=True, tag="play", rename="camel"):
    position: Position | None = None  # None: where the video stands


class Pause(Struct, frozen=True, tag="pause", rename="camel"):
    position: Position | None = None


class Seek(Struct, frozen=True, tag="seek", rename="camel"):
    position: Position


class ChangeVideo(Struct, frozen=True, tag="video_changed", rename="camel"):
    video_url: VideoUrl
    video_title: Title = Title("")


class Leave(Struct, frozen=True, tag="leave", rename="camel"):
    """Give up one's place, at once."""


class Join(Struct, frozen=True, kw_only=True):
    """Take a place over REST; the connection comes later, or never."""

    member_id: UUID
    key: Key
    name: Name
    address: str
    verified_hash: str = ""  # the password hash that the given password was verified against


class Enter(Struct, frozen=True, kw_only=True):
    """Open a connection under a key; a key that is new to the room takes a place first."""

    connection_id: UUID
    channel: str
    member_id: UUID  # for whom the key is new to the room
    key: Key
    name: Name | None
    address: str
    verified_hash: str = ""


class Disconnect(Struct, frozen=True):
    """A socket is gone."""

    connection_id: UUID


class EndLease(Struct, frozen=True):
    """A connection was not renewed in time: its process is gone, or cut off."""

    member_id: UUID
    connection_id: UUID


class Reenter(Struct, frozen=True):
    """A connection that is alive has lost its row: put it back."""

    connection_id: UUID
    channel: str


class GiveUpPlace(Struct, frozen=True):
    """A member's deadline has passed."""

    member_id: UUID


class UsePlace(Struct, frozen=True):
    """A key was shown, for something that changes nothing else."""


class Close(Struct, frozen=True):
    """End the room, for everybody and for good."""


class Retire(Struct, frozen=True):
    """Close the room if nobody is there and nothing has happened since `quiet_since` (ms)."""

    quiet_since: int


class Create(Struct, frozen=True, kw_only=True):
    """Open a room. It is the one command that needs no room."""

    room_id: UUID
    epoch: UUID
    name: Name
    host: Join
    video_url: VideoUrl | None = None
    video_title: Title = Title("")
    visibility: Visibility = Visibility.PUBLIC
    password_hash: str = ""
    settings: Settings = Settings()


PlaybackCommand = Play | Pause | Seek | ChangeVideo
PeopleCommand = Join | Enter | Leave | UsePlace
UpkeepCommand = Disconnect | EndLease | Reenter | GiveUpPlace | Retire | Close
Command = PlaybackCommand | PeopleCommand | UpkeepCommand
