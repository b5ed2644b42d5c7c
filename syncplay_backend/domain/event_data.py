"""What clients are told of an event: its `data`, in a frame and in the history."""

from typing import assert_never
from uuid import UUID

from msgspec import Struct

from syncplay_backend.domain import events as e
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.timeline import Timeline
from syncplay_backend.domain.views import MemberView, member_view, number


class PlaybackData(Struct, frozen=True, rename="camel"):
    """At instant `at` (ms) the video stands at `position` (s), and moves at `rate` or not."""

    position: float | int
    at: int
    is_playing: bool
    rate: float | int


class VideoData(Struct, frozen=True, rename="camel"):
    video_url: str
    video_title: str
    position: int
    is_playing: bool
    at: int


class WaitingData(Struct, frozen=True, rename={"members": "for", "is_playing": "isPlaying"}):
    """For whom (public ids) the room stands still, since when and until when (ms) at most."""

    members: list[UUID]
    since: int
    until: int
    position: float | int
    at: int
    is_playing: bool = False


class PersonData(Struct, frozen=True):
    id: UUID
    name: str


class LeftData(Struct, frozen=True):
    id: UUID
    user_id: UUID
    name: str
    reason: str


class PresenceData(Struct, frozen=True):
    """What many comings and goings come to: each member once, as it is after them all."""

    joined: list[MemberView]
    offline: list[PersonData]
    left: list[LeftData]


class HostData(Struct, frozen=True):
    id: UUID | None


class ChatData(Struct, frozen=True):
    text: str
    position: float | int


class ReactionData(Struct, frozen=True):
    emoji: str
    position: float | int


class SettingsData(Struct, frozen=True):
    settings: Settings


class NoData(Struct, frozen=True):
    """An event of which there is nothing to say but that it happened."""


def event_data(event: e.Numbered, timeline: Timeline) -> Struct:
    """`timeline` is the room's after the event."""
    if isinstance(event, e.PlaybackEvent):
        return _playback_data(event, timeline)
    if isinstance(event, e.PeopleEvent):
        return _people_data(event)
    return _room_data(event)


def _playback_data(event: e.PlaybackEvent, timeline: Timeline) -> Struct:
    match event:
        case e.Played() | e.RateChanged():
            return _moving(event.position, event.starts_at, timeline)
        case e.Paused() | e.Sought():
            return _moving(event.position, event.at, timeline)
        case e.VideoChanged():
            return VideoData(event.url, event.title, position=0, is_playing=False, at=event.at)
        case e.Waiting():
            return WaitingData(
                members=list(event.members),
                since=event.since,
                until=max(event.members.values()),
                position=number(event.position),
                at=event.at,
            )
        case _:
            assert_never(event)


def _moving(position: float, at: int, timeline: Timeline) -> PlaybackData:
    return PlaybackData(
        position=number(position),
        at=at,
        is_playing=timeline.playing,
        rate=number(timeline.rate),
    )


def _people_data(event: e.PeopleEvent) -> Struct:
    match event:
        case e.MemberJoined():
            return member_view(event.member, is_host=event.is_host)
        case e.MemberWentOffline():
            return PersonData(event.member_id, event.name)
        case e.MemberLeft():
            return LeftData(event.member_id, event.member_id, event.name, event.reason)
        case e.HostChanged():
            return HostData(event.host_id)
        case _:
            assert_never(event)


def _room_data(event: e.RoomEvent) -> Struct:
    match event:
        case e.Said():
            return ChatData(event.text, number(event.position))
        case e.Reacted():
            return ReactionData(event.emoji, number(event.position))
        case e.SettingsChanged():
            return SettingsData(event.settings)
        case e.RoomClosed():
            return NoData()
        case _:
            assert_never(event)
