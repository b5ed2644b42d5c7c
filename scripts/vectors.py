"""Write `tests/vectors/room.json`: what each event makes of a room, as the server itself has it.

Clients, in whatever language, are held to it. `--check` writes nothing, and fails where the file is
not what it would write.
"""

import json
import sys
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "tests" / "vectors" / "room.json"
sys.path.insert(0, str(ROOT))

from syncplay_backend.domain import events as e  # noqa: E402
from syncplay_backend.domain.log import Source, entry  # noqa: E402
from syncplay_backend.domain.people import Connection, Member, Role  # noqa: E402
from syncplay_backend.domain.policy import Control, Settings, WaitFor  # noqa: E402
from syncplay_backend.domain.state import Room, Video, apply  # noqa: E402
from syncplay_backend.domain.timeline import Timeline  # noqa: E402
from syncplay_backend.domain.views import room_view  # noqa: E402

ABOUT = (
    "What events make of a room: whoever has `room` and is sent `frames` knows of it what `then` "
    "shows. Written by scripts/vectors.py from the server's own rules."
)
NOW = 1_700_000_000_000
ALICE = UUID("a0000000-0000-4000-8000-000000000001")
BOB = UUID("b0000000-0000-4000-8000-000000000002")
CHARLIE = UUID("c0000000-0000-4000-8000-000000000003")


def member(id: UUID, name: str, *, online: bool = True, role: Role = Role.MEMBER) -> Member:
    """A member as clients may know of it."""
    joined_at = NOW - 1_000 + (ALICE, BOB, CHARLIE).index(id)
    sockets = (Connection(id=id, channel="", opened_at=NOW, lease_until=NOW),) if online else ()
    return Member(
        id=id, name=name, key_hash=b"", joined_at=joined_at, role=role, connections=sockets
    )


def movie_night() -> Room:
    """Alice is the host, Bob her moderator; the film stands at two minutes."""
    people = (member(ALICE, "Alice"), member(BOB, "Bob", role=Role.MODERATOR))
    return Room(
        id=UUID("10000000-0000-4000-8000-000000000000"),
        name="Movie night",
        created_at=NOW - 60_000,
        epoch=UUID("e0000000-0000-4000-8000-000000000000"),
        host_id=ALICE,
        video=Video("https://example.com/film.mp4", "A film"),
        timeline=Timeline(position=120.0, at=NOW),
        seq=7,
        members={one.id: one for one in people},
    )


PLAYED = e.Played(position=120.25, starts_at=NOW + 600, at=NOW + 100, by=ALICE)
DOUBLED = e.RateChanged(rate=2.0, position=125.0, starts_at=NOW + 5_350, at=NOW + 5_350, by=ALICE)
WAITS = e.Waiting(
    members={BOB: NOW + 12_000}, since=NOW + 2_000, position=121.65, at=NOW + 2_000, by=None
)
GOES_OFFLINE = e.MemberWentOffline(
    member_id=ALICE, name="Alice", away_until=NOW + 61_000, at=NOW + 1_000, by=ALICE
)
CHARLIE_COMES = e.MemberJoined(
    member=member(CHARLIE, "Charlie"), is_host=False, at=NOW + 1_000, by=CHARLIE
)

STORIES: dict[str, list[e.Numbered]] = {
    "a play is told before it happens": [PLAYED],
    "a pause stands where it says": [
        PLAYED,
        e.Paused(position=124.0, at=NOW + 4_350, by=BOB),
    ],
    "a seek goes on from there": [PLAYED, e.Sought(position=500.0, at=NOW + 3_000, by=ALICE)],
    "another rate anchors anew": [PLAYED, DOUBLED],
    "a wait stands, and keeps the rate": [PLAYED, DOUBLED, WAITS],
    "a play ends a wait": [
        PLAYED,
        WAITS,
        e.Played(position=121.65, starts_at=NOW + 4_000, at=NOW + 3_500, by=None),
    ],
    "a pause ends a wait": [
        PLAYED,
        WAITS,
        e.Paused(position=121.65, at=NOW + 3_500, by=ALICE),
    ],
    "a seek moves where the room waits": [
        PLAYED,
        WAITS,
        e.Sought(position=30.0, at=NOW + 3_500, by=ALICE),
    ],
    "another video begins at its beginning": [
        PLAYED,
        DOUBLED,
        e.VideoChanged(url="https://example.com/next.mp4", title="", at=NOW + 9_000, by=ALICE),
    ],
    "a place is taken over REST, then its member comes": [
        e.MemberJoined(
            member=member(CHARLIE, "Charlie", online=False),
            is_host=False,
            at=NOW + 500,
            by=CHARLIE,
        ),
        CHARLIE_COMES,
    ],
    "who drops keeps the place": [GOES_OFFLINE],
    "who leaves is gone, and another is host": [
        GOES_OFFLINE,
        e.MemberLeft(member_id=ALICE, name="Alice", reason="away", at=NOW + 61_000, by=ALICE),
        e.HostChanged(host_id=BOB, at=NOW + 61_000, by=None),
    ],
    "a room that everybody has left has no host, and its next guest is": [
        e.MemberLeft(member_id=ALICE, name="Alice", reason="left", at=NOW + 1, by=ALICE),
        e.MemberLeft(member_id=BOB, name="Bob", reason="left", at=NOW + 2, by=BOB),
        e.HostChanged(host_id=None, at=NOW + 2, by=None),
        e.MemberJoined(member=member(CHARLIE, "Charlie"), is_host=True, at=NOW + 1_000, by=CHARLIE),
    ],
    "the settings are told whole": [
        e.SettingsChanged(
            settings=Settings(control=Control.EVERYONE, wait=WaitFor.NEVER),
            at=NOW + 1_000,
            by=ALICE,
        ),
    ],
    "what is said changes nothing but the number": [
        e.Said(text="Here it comes!", position=120.0, at=NOW + 1_000, by=BOB),
        e.Reacted(emoji="🎉", position=120.0, at=NOW + 1_100, by=BOB),
    ],
    "a room that is closed waits for nobody": [
        PLAYED,
        WAITS,
        e.RoomClosed(at=NOW + 4_000, by=None),
    ],
}


def shown(room: Room) -> Any:
    """The room as of the instant at which its timeline begins: so anchors can be compared."""
    return msgspec.to_builtins(room_view(room, room.timeline.at))


def story(name: str, events: list[e.Numbered]) -> dict[str, Any]:
    room, frames = movie_night(), []
    before = shown(room)
    for event in events:
        room = apply(room, event)
        frames.append(json.loads(entry(room, event, Source()).frame()))
    return {"name": name, "room": before, "frames": frames, "then": shown(room)}


def forgotten() -> set[str]:
    """Types of events of which no story tells."""
    told = {type(event) for events in STORIES.values() for event in events}
    return {kind.__name__ for kind in get_args(e.Numbered) if kind not in told}


def document() -> str:
    stories = [story(name, events) for name, events in STORIES.items()]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in stories)
    return f'{{"about": {json.dumps(ABOUT)}, "stories": [\n{lines}\n]}}\n'


def main(arguments: list[str]) -> int:
    if missing := forgotten():
        print(f"No story has {', '.join(sorted(missing))}: write one.")
        return 1
    if arguments == ["--check"]:
        if FILE.read_text(encoding="utf-8") == document():
            return 0
        print(f"{FILE.relative_to(ROOT)} is out of date: python scripts/vectors.py")
        return 1
    FILE.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
