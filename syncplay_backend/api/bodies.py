"""What REST is asked and what it answers, field by field. The OpenAPI document is made of these.

Fields that are not named here are ignored: clients of several ages share a room.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import Key, Name, Password, Position, Title, VideoUrl
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.state import Visibility
from syncplay_backend.domain.views import RoomView, SyncView
from syncplay_backend.domain.wire import CommandId


class CreateBody(Struct, frozen=True, kw_only=True):
    room_name: Name
    user_name: Name
    video_url: VideoUrl | None = None
    video_title: Title | None = None
    visibility: Visibility = Visibility.PUBLIC
    password: Password | None = None
    settings: Settings = Settings()


class JoinBody(Struct, frozen=True, kw_only=True):
    room_id: UUID
    user_name: Name
    password: Password | None = None


class LeaveBody(Struct, frozen=True, kw_only=True):
    user_id: Key | None = None  # None: the key is in the Authorization header


class Action(StrEnum):
    PLAY = "play"
    PAUSE = "pause"
    SEEK = "seek"


class ControlBody(Struct, frozen=True, kw_only=True):
    user_id: Key | None = None
    action: Action
    position: Position | None = None  # None: where the room stands


class CommandBody(Struct, frozen=True, kw_only=True):
    """Any command of the socket, with the type and the data that it has there."""

    user_id: Key | None = None
    type: Annotated[str, Meta(max_length=32)]
    data: dict[str, Any] = {}
    id: CommandId | None = None  # with it the command is done once, however often it is sent


class ChangeVideoBody(Struct, frozen=True, kw_only=True):
    user_id: Key | None = None
    video_url: VideoUrl
    video_title: Title | None = None


Seq = Annotated[int, Meta(ge=0, le=2**63 - 1)]  # what the database can compare


class RoomsQuery(Struct, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=limits.ROOMS_PER_PAGE)] = 50
    before: str | None = None  # the `next` of the page before


class MessagesQuery(Struct, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=limits.MESSAGES_PER_PAGE)] = 50
    before: Seq | None = None
    after: Seq | None = None
    type: Annotated[str, Meta(pattern="^[a-z_]{1,32}$")] | None = None


class Success(Struct, frozen=True, kw_only=True):
    status: Literal["success"] = "success"
    message: str | UnsetType = UNSET


class SeatedUser(Struct, frozen=True, kw_only=True):
    """Whoever came in. `id` is the key: it is told here and never again."""

    id: UUID
    public_id: UUID
    name: str
    is_host: bool
    role: str


class SeatAnswer(Success, frozen=True, kw_only=True):
    room: RoomView
    user: SeatedUser
    websocket_url: str


class RoomAnswer(Success, frozen=True, kw_only=True):
    room: RoomView


class SeenRoomAnswer(RoomAnswer, frozen=True, kw_only=True):
    sync: SyncView | None  # None: nobody has said how far its player is from the timeline


class CommandAnswer(Success, frozen=True, kw_only=True):
    seq: int  # of the event; where nothing had to change, of the room
    room: RoomView


class RoomsAnswer(Success, frozen=True, kw_only=True):
    rooms: list[RoomView]
    count: int  # of this page
    next: str | None  # None: this is the last page


class MessageView(Struct, frozen=True, kw_only=True):
    """Something that happened in the room; the socket tells it with the same `seq`."""

    id: UUID
    seq: int
    user_id: UUID | None  # the public id of who did it; None: the server
    type: str
    data: Any
    timestamp: str


class MessagesAnswer(Success, frozen=True, kw_only=True):
    messages: list[MessageView]
    count: int


class LinksAnswer(Success, frozen=True, kw_only=True):
    links: dict[str, str]


class Refusal(Struct, frozen=True, kw_only=True):
    """No, and why: `code` is for programs, `message` for people, `errors` by field for forms."""

    status: Literal["error"] = "error"
    code: Code
    message: str
    errors: dict[str, list[str]] | UnsetType = UNSET
