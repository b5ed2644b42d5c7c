"""Coming in over REST, and what can be seen of rooms from outside."""

import logging
from concurrent.futures import Future
from dataclasses import dataclass
from uuid import UUID, uuid4

from msgspec import Struct

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain.deciding_people import keep_place
from syncplay_backend.domain.errors import Code, Refused, room_not_found, unknown_user
from syncplay_backend.domain.fields import Key, Name, Password, Title, VideoUrl
from syncplay_backend.domain.limits import CHAT, COMMAND, CREATE_ROOM, JOIN_ROOM
from syncplay_backend.domain.people import Actor, Member
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.state import Room, Visibility
from syncplay_backend.domain.views import RoomView, outside_view, room_view
from syncplay_backend.domain.wire import Commands
from syncplay_backend.live.clock import clock
from syncplay_backend.live.limiter import limiter
from syncplay_backend.rooms import listing, queries
from syncplay_backend.rooms.ids import public_id
from syncplay_backend.services import passwords
from syncplay_backend.services.addresses import fingerprint, neighbourhood
from syncplay_backend.services.execute import answer, submit
from syncplay_backend.services.road import Outcome

logger = logging.getLogger(__name__)

RECENT = 3_600_000  # ms: a room is listed while somebody is in it, and so long after the last event


class Wish(Struct, frozen=True):
    """What somebody wants of a new room."""

    name: Name
    video_url: VideoUrl | None = None
    video_title: Title = Title("")
    visibility: Visibility = Visibility.PUBLIC
    password: Password | None = None
    settings: Settings = Settings()


@dataclass(frozen=True)
class Order:
    """A command as a client gives it: with an `id` it is done once; `expects` is a seq."""

    command: Commands
    id: str | None = None
    expects: int | None = None


@dataclass(frozen=True)
class Seat:
    """A place in a room, and the key to it: the only time that a key is handed out."""

    room: RoomView
    member: Member
    is_host: bool
    key: Key


class Preview(Struct, frozen=True):
    """What a stranger who holds the link sees of a room: of a private one only that it is there."""

    id: UUID
    name: str  # empty: it is nobody's business
    video: str  # the title; empty: there is none, or it is nobody's business
    needs_password: bool


def create_room(wish: Wish, host_name: Name, address: str) -> Seat:
    """Open a room and take its first place, the host's. Raises `Refused`."""
    limiter.take(CREATE_ROOM, neighbourhood(address))
    host = _place(host_name, address)
    command = c.Create(
        room_id=uuid4(),
        epoch=uuid4(),
        name=wish.name,
        host=host,
        video_url=wish.video_url,
        video_title=wish.video_title,
        visibility=wish.visibility,
        password_hash=answer(passwords.hashed(wish.password)) if wish.password else "",
        settings=wish.settings,
    )
    seat = _seat(submit(command.room_id, command), host.key)
    logger.info("room %s: created (%s)", seat.room.id, seat.room.visibility)
    return seat


def join_room(room_id: UUID, name: Name, password: Password | None, address: str) -> Seat:
    """Take a place in a room. Raises `Refused`."""
    limiter.take(JOIN_ROOM, neighbourhood(address))
    verified_hash = ""
    if password:
        verified_hash = answer(passwords.verified(room_id, password, address))
    place = _place(name, address, verified_hash)
    return _seat(submit(room_id, place), place.key)


def _place(name: Name, address: str, verified_hash: str = "") -> c.Join:
    return c.Join(
        member_id=public_id(clock.now()),
        key=Key(uuid4()),
        name=name,
        address=fingerprint(address),
        verified_hash=verified_hash,
    )


def _seat(joining: "Future[Outcome]", key: Key) -> Seat:
    outcome: Outcome = answer(joining)
    joined = next(event for event in outcome.events if isinstance(event, e.MemberJoined))
    return Seat(room_view(outcome.room, outcome.now), joined.member, joined.is_host, key)


def room(room_id: UUID, key: Key | None) -> RoomView:
    """The room as of now, for whoever may see it. Raises `Refused`."""
    return room_view(admit(room_id, key), clock.now())


def preview(room_id: UUID) -> Preview:
    """What may be told before somebody joins. Raises `Refused`."""
    found = _standing(room_id)
    return Preview(
        id=found.id,
        name="" if found.visibility is Visibility.PRIVATE else found.name,
        video=found.video.title if _is_open(found) else "",
        needs_password=bool(found.password_hash),
    )


def admit(room_id: UUID, key: Key | None) -> Room:
    """The room, if it is open to strangers or the key is a member's. Raises `Refused`."""
    found = _standing(room_id)
    holder = _holder(found, key)
    if holder is not None and keep_place(holder, clock.now()):
        submit(room_id, c.UsePlace(), Actor(member_id=holder.id))
    if holder is not None or _is_open(found):
        return found
    raise unknown_user()


def _standing(room_id: UUID) -> Room:
    found = queries.room(room_id)
    if found is None:
        raise room_not_found()
    if found.closed_at is not None:
        raise Refused(Code.ROOM_CLOSED, "This room has been closed. Create a new one.")
    return found


def _is_open(found: Room) -> bool:
    return found.visibility is not Visibility.PRIVATE and not found.password_hash


def _holder(found: Room, key: Key | None) -> Member | None:
    if key is None:
        return None
    return next((m for m in found.members.values() if m.key_hash == key.hash), None)


def control(room_id: UUID, command: c.PlaybackCommand, key: Key) -> RoomView:
    """Do what a member wants with the video; the room afterwards. Raises `Refused`."""
    _obey(room_id, command, key)
    return _whole(room_id)


def _whole(room_id: UUID) -> RoomView:
    found = queries.room(room_id)
    if found is None:
        raise room_not_found()
    return room_view(found, clock.now())


def command(room_id: UUID, order: Order, key: Key) -> tuple[int, RoomView]:
    """Do what a member wants, as over the socket; the seq of its event, and the room afterwards.

    Raises `Refused`.
    """
    limiter.take(COMMAND, key.hash.hex())
    if isinstance(order.command, c.Say | c.React):
        limiter.take(CHAT, key.hash.hex())
    actor = Actor(key_hash=key.hash, expects=order.expects)
    outcome: Outcome = answer(submit(room_id, order.command, actor, order.id))
    return outcome.seq, _whole(room_id)


def leave_room(room_id: UUID, key: Key) -> None:
    """Give up a place, at once. Raises `Refused`."""
    _obey(room_id, c.Leave(), key)


def _obey(room_id: UUID, command: c.PlaybackCommand | c.Leave, key: Key) -> None:
    limiter.take(COMMAND, key.hash.hex())
    answer(submit(room_id, command, Actor(key_hash=key.hash)))


def public_rooms(limit: int, before: str | None) -> tuple[list[RoomView], str | None]:
    """A page of the active public rooms, newest first, and the cursor of the next one.

    Raises `Refused` (`invalid`) for a cursor that is none.
    """
    now = clock.now()
    ids, cursor = listing.page(limit, before, active_since=now - RECENT, now=now)
    return [_listed(found, now) for found in queries.rooms(ids)], cursor


def _listed(found: Room, now: int) -> RoomView:
    return outside_view(found, now) if found.password_hash else room_view(found, now)
