"""What somebody wants to happen. Frozen values, whichever door they came through.

The structs with a tag are what a client may send, under that `type` and with these fields (in
camelCase) as `data`; the others are the server's own.
"""

from uuid import UUID

from msgspec import Struct

from syncplay_backend.domain.fields import (
    ChatText,
    Emoji,
    Key,
    Name,
    Position,
    Rate,
    Title,
    VideoUrl,
)
from syncplay_backend.domain.people import State
from syncplay_backend.domain.policy import Control, Settings, WaitFor
from syncplay_backend.domain.state import Visibility


class Play(Struct, frozen=True, tag="play", rename="camel"):
    position: Position | None = None  # None: where the video stands


class Pause(Struct, frozen=True, tag="pause", rename="camel"):
    position: Position | None = None


class Seek(Struct, frozen=True, tag="seek", rename="camel"):
    position: Position


class SetRate(Struct, frozen=True, tag="rate", rename="camel"):
    rate: Rate


class ChangeVideo(Struct, frozen=True, tag="video_changed", rename="camel"):
    video_url: VideoUrl
    video_title: Title = Title("")


class Say(Struct, frozen=True, tag="chat", rename="camel"):
    text: ChatText


class React(Struct, frozen=True, tag="reaction", rename="camel"):
    emoji: Emoji


class ChangeSettings(Struct, frozen=True, tag="settings", rename="camel"):
    """Change those that are given."""

    control: Control | None = None
    wait: WaitFor | None = None


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
    precise: bool = False
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
    precise: bool = False


class Report(Struct, frozen=True):
    """A player's state has changed."""

    connection_id: UUID
    state: State


class NoteRoundTrip(Struct, frozen=True):
    """How long (ms) a frame takes to a connection and back; None: not known, or it is idle."""

    connection_id: UUID
    round_trip: int | None


class EndWait(Struct, frozen=True):
    """The room has waited long enough for somebody."""


class GiveUpPlace(Struct, frozen=True):
    """A member's deadline has passed."""

    member_id: UUID


class UsePlace(Struct, frozen=True):
    """A key was shown, for something that changes nothing else."""


class Close(Struct, frozen=True):
    """End the room, for everybody and for good."""


class Reanchor(Struct, frozen=True):
    """The server's clock was set `by` ms later (or, negative, earlier): the video goes on from
    where it was, unless something has happened since it was anchored at `anchored_at`."""

    anchored_at: int
    by: int


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


PlaybackCommand = Play | Pause | Seek | SetRate | ChangeVideo
TalkCommand = Say | React | ChangeSettings
PeopleCommand = Join | Enter | Leave | UsePlace
WaitCommand = Report | EndWait
LeaseCommand = Disconnect | EndLease | Reenter | GiveUpPlace | NoteRoundTrip
RoomCommand = Retire | Close | Reanchor
Command = PlaybackCommand | TalkCommand | PeopleCommand | WaitCommand | LeaseCommand | RoomCommand
