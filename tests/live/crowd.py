"""A room of so many that comings and goings are told together, and clients who follow it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace
from syncplay_client.frames import decode
from syncplay_client.room import Room as SeenRoom
from syncplay_client.room import follow, from_snapshot

from syncplay_backend.domain import events as e
from syncplay_backend.domain import wire
from syncplay_backend.domain.limits import CROWD
from syncplay_backend.domain.log import Source, entry
from syncplay_backend.domain.people import Connection, Member
from syncplay_backend.domain.state import Room, apply
from syncplay_backend.domain.views import room_view
from syncplay_backend.live.feed import News, news_of
from tests.live.by_hand import NOW
from tests.live.paper import ALICE, EPOCH, ROOM

AT = int(NOW)
People = dict[str, tuple[str, bool]]


def a_member(name: str, *, online: bool = True, id: UUID | None = None) -> Member:
    tab = Connection(id=uuid4(), channel="here", opened_at=AT, lease_until=AT)
    return Member(
        id=id or uuid4(),
        name=name,
        key_hash=uuid4().bytes,
        joined_at=AT,
        connections=(tab,) if online else (),
    )


class Crowd:
    """What happens in it, in the words of the post. Alice is the host."""

    def __init__(self, size: int = CROWD + 1) -> None:
        alice = a_member("Alice", id=ALICE)
        guests = [a_member(f"Guest {number}") for number in range(1, size)]
        members = {member.id: member for member in (alice, *guests)}
        self.room = Room(ROOM, "Stadium", AT, EPOCH, host_id=ALICE, members=members)
        self.moments = [self.room]  # the room at each seq
        self.log: list[News] = []

    def comes(self, member: Member) -> News:
        return self._happens(e.MemberJoined(member=member, is_host=False, at=AT, by=member.id))

    def drops(self, member: Member) -> News:
        dropped = e.MemberWentOffline(
            member_id=member.id, name=member.name, away_until=AT, at=AT, by=member.id
        )
        return self._happens(dropped)

    def leaves(self, member: Member, ref: str | None = None) -> News:
        left = e.MemberLeft(
            member_id=member.id, name=member.name, reason="left", at=AT, by=member.id
        )
        return self._happens(left, Source(None, ref))

    def says(self, text: str = "Hear, hear") -> News:
        return self._happens(e.Said(text=text, position=0.0, at=AT, by=ALICE))

    def seeks(self) -> News:
        return self._happens(e.Sought(position=5.0, at=AT, by=ALICE))

    def changes_the_rate(self) -> News:
        """Contract clients have no word for it."""
        changed = e.RateChanged(rate=1.5, position=0.0, starts_at=AT, at=AT, by=ALICE)
        return self._happens(changed)

    def _happens(self, event: e.Numbered, source: Source = Source()) -> News:  # noqa: B008
        self.room = apply(self.room, event)
        self.moments.append(self.room)
        self.log.append(news_of(entry(self.room, event, source)))
        return self.log[-1]

    def snapshot(self, seq: int | None = None) -> str:
        room = self.room if seq is None else self.moments[seq]
        return wire.room_update(room_view(room, AT))

    def guest(self, number: int) -> Member:
        return [m for m in self.room.members.values() if m.id != ALICE][number]

    @property
    def people(self) -> People:
        return {str(m.id): (m.name, m.is_online) for m in self.room.members.values()}


def from_the_log(news: News) -> News:
    """As the mender brings it, who does not know how many there were."""
    return replace(news, crowd=0)


class PreciseFollower:
    """Speaks protocol 2, and sees whether a number is missing or comes twice."""

    def __init__(self) -> None:
        self.room: SeenRoom | None = None

    def hear(self, text: str) -> None:
        frame = decode(text)
        if frame.type == "room_update":
            self.room = from_snapshot(frame.data)
            return
        assert self.room is not None, "an event before the room"
        assert frame.first_seq == self.room.seq + 1
        self.room = follow(self.room, frame)

    @property
    def people(self) -> People:
        assert self.room is not None
        return {m.id: (m.name, m.is_online) for m in self.room.members.values()}


class ContractFollower:
    """Knows the contract, and of what is beyond it only `others`."""

    def __init__(self) -> None:
        self.people: People = {}
        self.seq = 0

    def hear(self, text: str) -> None:
        frame = json.loads(text)
        if frame["type"] == "room_update":
            self.seq = frame["data"]["seq"]
            self.people = {u["id"]: (u["name"], u["is_online"]) for u in frame["data"]["users"]}
            return
        assert frame["seq"] > self.seq
        self.seq = frame["seq"]
        for data in (*frame["data"].get("others", ()), frame["data"]):
            self._see(frame["type"], data)

    def _see(self, kind: str, data: dict[str, Any]) -> None:
        match kind:
            case "user_joined":
                self.people[data["id"]] = (data["name"], data["is_online"])
            case "user_offline":
                self.people[data["id"]] = (data["name"], False)
            case "user_left":
                self.people.pop(data["id"], None)


def told(frame: str) -> dict[str, Any]:
    """The data of a frame."""
    data: dict[str, Any] = msgspec.json.decode(frame)["data"]
    return data
