"""A room as everybody in it has it, and `apply`: the only thing that changes one.

The law that the tests hold: a room loaded afresh equals the old one with the events applied.
"""

from enum import StrEnum
from typing import assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from syncplay_backend.domain import events as e
from syncplay_backend.domain.limits import STALL_FORGOTTEN, STALLS
from syncplay_backend.domain.people import Connection, Member, Pace
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.timeline import Timeline


class Visibility(StrEnum):
    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"


class Video(Struct, frozen=True):
    url: str = ""
    title: str = ""


class Wait(Struct, frozen=True):
    """For whom the room stands still, each with the instant (ms) until which it does at most."""

    members: dict[UUID, int]
    since: int

    @property
    def until(self) -> int:
        return max(self.members.values())


class Room(Struct, frozen=True):
    """`members` holds everybody, or only those whom the commands at hand need."""

    id: UUID
    name: str
    created_at: int
    epoch: UUID
    host_id: UUID | None = None
    video: Video = Video()
    timeline: Timeline = Timeline()
    wait: Wait | None = None
    settings: Settings = Settings()
    visibility: Visibility = Visibility.PUBLIC
    password_hash: str = ""
    seq: int = 0
    control_seq: int = 0  # the last event of playback, video or queue
    active_at: int = 0  # the instant of the last event
    closed_at: int | None = None
    members: dict[UUID, Member] = {}

    def is_host(self, member: Member) -> bool:
        return member.id == self.host_id


def apply(room: Room, event: e.Event) -> Room:
    """The room after the event. Nothing is refused here: what happened, happened."""
    return _number(_change(room, event), event)


def apply_all(room: Room, events: list[e.Event]) -> Room:
    for event in events:
        room = apply(room, event)
    return room


def _number(room: Room, event: e.Event) -> Room:
    if isinstance(event, e.Unnumbered):
        return room
    seq = room.seq + 1
    is_control = isinstance(event, e.PlaybackEvent) and not isinstance(event, e.Waiting)
    control_seq = seq if is_control else room.control_seq
    return replace(room, seq=seq, control_seq=control_seq, active_at=max(room.active_at, event.at))


def _change(room: Room, event: e.Event) -> Room:
    if isinstance(event, e.PlaybackEvent):
        return _change_playback(room, event)
    if isinstance(event, e.PeopleEvent):
        return _change_people(room, event)
    if isinstance(event, e.RoomEvent):
        return _change_room(room, event)
    return _with_member(room, _change_member(room.members[event.member_id], event))


def _change_playback(room: Room, event: e.PlaybackEvent) -> Room:
    match event:
        case e.Played():
            timeline = room.timeline.play(event.position, event.starts_at)
            return replace(room, timeline=timeline, wait=None)
        case e.Paused():
            timeline = room.timeline.pause(event.position, event.at)
            return replace(room, timeline=timeline, wait=None)
        case e.Waiting():
            timeline = room.timeline.pause(event.position, event.at)
            wait = Wait(event.members, event.since)
            return replace(room, timeline=timeline, wait=wait, members=_waited_for(room, event))
        case e.Sought():
            return replace(room, timeline=room.timeline.seek(event.position, event.at))
        case e.RateChanged():
            timeline = room.timeline.change_rate(event.rate, event.position, event.starts_at)
            return replace(room, timeline=timeline)
        case e.VideoChanged():
            return replace(
                room,
                video=Video(event.url, event.title),
                timeline=Timeline(at=event.at),
                wait=None,
                members={id: _loading(member) for id, member in room.members.items()},
            )
        case _:
            assert_never(event)


def _change_people(room: Room, event: e.PeopleEvent) -> Room:
    match event:
        case e.MemberJoined():
            host_id = event.member.id if event.is_host else room.host_id
            return replace(_with_member(room, event.member), host_id=host_id)
        case e.MemberWentOffline():
            member = room.members[event.member_id]
            return _with_member(room, replace(member, connections=(), away_until=event.away_until))
        case e.MemberLeft():
            others = {id: m for id, m in room.members.items() if id != event.member_id}
            return replace(room, members=others)
        case e.HostChanged():
            return replace(room, host_id=event.host_id)
        case _:
            assert_never(event)


def _change_room(room: Room, event: e.RoomEvent) -> Room:
    match event:
        case e.Said() | e.Reacted():
            return room
        case e.SettingsChanged():
            return replace(room, settings=event.settings)
        case e.RoomClosed():
            return replace(room, closed_at=event.at, wait=None)
        case _:
            assert_never(event)


def _change_member(member: Member, event: e.Unnumbered) -> Member:
    match event:
        case e.ConnectionOpened():
            opened = sorted((*member.connections, event.connection), key=_by_age)
            return replace(member, connections=tuple(opened), key_used=True, away_until=None)
        case e.ConnectionClosed():
            left = tuple(c for c in member.connections if c.id != event.connection_id)
            return replace(member, connections=left)
        case e.ConnectionReported():
            return _with_connection(member, event.connection_id, state=event.state)
        case e.RoundTripNoted():
            return _with_connection(member, event.connection_id, round_trip=event.round_trip)
        case e.PaceChanged():
            return replace(member, pace=event.pace)
        case e.PlaceUsed():
            return replace(member, key_used=True, away_until=event.away_until)
        case _:
            assert_never(event)


def _by_age(connection: Connection) -> tuple[int, UUID]:
    return connection.opened_at, connection.id


def _with_connection(member: Member, connection_id: UUID, **changes: object) -> Member:
    connections = tuple(
        replace(c, **changes) if c.id == connection_id else c for c in member.connections
    )
    return replace(member, connections=connections)


def _waited_for(room: Room, event: e.Waiting) -> dict[UUID, Member]:
    """One more stall for whoever has come to be waited for, and had the video already."""
    already = room.wait.members if room.wait else {}
    return {
        id: _stalled(member, event.at) if id in event.members.keys() - already.keys() else member
        for id, member in room.members.items()
    }


def _stalled(member: Member, at: int) -> Member:
    if member.pace is Pace.LOADING:
        return member
    until = max(at, member.stalls_until) + STALL_FORGOTTEN
    return replace(member, stalls_until=min(until, at + STALLS * STALL_FORGOTTEN))


def _loading(member: Member) -> Member:
    if member.pace is Pace.LOADING and not member.stalls_until:
        return member
    return replace(member, pace=Pace.LOADING, stalls_until=0)


def _with_member(room: Room, member: Member) -> Room:
    return replace(room, members={**room.members, member.id: member})
