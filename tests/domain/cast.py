"""The cast: Alice hosts a movie night, Bob watches, Charlie is a stranger."""

from itertools import count
from uuid import UUID

import pytest
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.decide import create, decide
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.events import Event
from syncplay_backend.domain.fields import Key, Name, VideoUrl
from syncplay_backend.domain.people import SERVER, Actor, Member, State
from syncplay_backend.domain.state import Room, apply_all
from syncplay_backend.domain.timeline import Timeline

NOW = 1_700_000_000_000
SECOND = 1_000
MINUTE = 60 * SECOND

ROOM = UUID("10000000-0000-4000-8000-000000000000")
EPOCH = UUID("e0000000-0000-4000-8000-000000000000")
ALICE = UUID("a0000000-0000-4000-8000-000000000001")
BOB = UUID("b0000000-0000-4000-8000-000000000002")
CHARLIE = UUID("c0000000-0000-4000-8000-000000000003")
ALICES_KEY = Key(UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"))
BOBS_KEY = Key(UUID("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"))
CHARLIES_KEY = Key(UUID("cccccccc-cccc-4ccc-8ccc-cccccccccccc"))
ALICES_TAB = UUID("a1000000-0000-4000-8000-000000000000")
BOBS_TAB = UUID("b1000000-0000-4000-8000-000000000000")
BOBS_PHONE = UUID("b2000000-0000-4000-8000-000000000000")
CHARLIES_TAB = UUID("c1000000-0000-4000-8000-000000000000")
HOME = "the address of Charlie's home"
FILM = "https://example.com/film.mp4"

alice = Actor(member_id=ALICE, connection_id=ALICES_TAB)
bob = Actor(member_id=BOB, connection_id=BOBS_TAB)
charlie = Actor(member_id=CHARLIE, connection_id=CHARLIES_TAB)

_serial = count(1)


def a_uuid() -> UUID:
    """One that was not there before."""
    return UUID(int=0xF000_0000_0000_4000_8000_0000_0000_0000 + next(_serial))


def whoever_holds(key: Key) -> Actor:
    return Actor(key_hash=key.hash)


def join(name: str, member_id: UUID = CHARLIE, key: Key = CHARLIES_KEY, **more) -> c.Join:
    given = {"address": HOME} | more
    return c.Join(member_id=member_id, key=key, name=Name(name), **given)


def enter(key: Key, name: str | None = None, tab: UUID | None = None, **more) -> c.Enter:
    given = {"member_id": CHARLIE, "address": HOME, "channel": "this process"} | more
    named = None if name is None else Name(name)
    return c.Enter(connection_id=tab or a_uuid(), key=key, name=named, **given)


def founding(**options) -> c.Create:
    """Alice opens a room over REST."""
    host = join("Alice", ALICE, ALICES_KEY, address="")
    return c.Create(room_id=ROOM, epoch=EPOCH, name=Name("Movie night"), host=host, **options)


def new_room(**options) -> Room:
    """Alice has a place in it; nobody is connected."""
    room, events = create(founding(**options), NOW)
    return apply_all(room, events)


def movie_night(**changes) -> Room:
    """Alice and Bob sit before their screens, the film stands at its beginning."""
    room = new_room(video_url=VideoUrl(FILM))
    room = after(room, enter(ALICES_KEY, tab=ALICES_TAB, precise=True))
    room = after(room, enter(BOBS_KEY, "Bob", BOBS_TAB, member_id=BOB, precise=True))
    return replace(room, **changes)


def playing(position: float = 100.0, **changes) -> Room:
    """Alice and Bob have been watching: both players have said that they are ready."""
    room = movie_night(**changes)
    for actor in (alice, bob):
        room = after(room, says(State.READY, actor), actor)
    return replace(room, timeline=Timeline(position, NOW, playing=True))


def says(state: State, actor: Actor) -> c.Report:
    """What the player behind the actor's connection tells of itself."""
    assert actor.connection_id
    return c.Report(actor.connection_id, state)


def with_member(room: Room, member_id: UUID, **changes) -> Room:
    changed = replace(room.members[member_id], **changes)
    return replace(room, members={**room.members, member_id: changed})


def events_of(room: Room, command: c.Command, actor: Actor = SERVER, now: int = NOW) -> list[Event]:
    return decide(room, command, actor, now)


def after(room: Room, command: c.Command, actor: Actor = SERVER, now: int = NOW) -> Room:
    return apply_all(room, decide(room, command, actor, now))


def refusal(room: Room, command: c.Command, actor: Actor = SERVER, now: int = NOW) -> Code:
    with pytest.raises(Refused) as caught:
        decide(room, command, actor, now)
    return caught.value.code


def types_of(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def member(room: Room, member_id: UUID) -> Member:
    return room.members[member_id]
