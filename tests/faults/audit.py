"""The three laws, whatever broke in the meantime.

1. Every acknowledged command is in the history, exactly once.
2. Every member was told of every event, exactly once and in order.
3. All ended with the same room as REST tells.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import pytest
from syncplay_client.frames import Frame

from tests.faults.crowd import Crowd
from tests.faults.member import Member, Visit
from tests.peer import Rest
from tests.process import ServerProcess

PAGE = 200
MILLISECOND = 0.0011  # s, to which positions are rounded on both sides

History = list[dict[str, Any]]


async def audit(crowd: Crowd, *, refreshed: Collection[Member] = ()) -> None:
    """`refreshed`: who may have been sent the room whole, in place of what it missed."""
    await crowd.settle()
    assert crowd.acked
    for room_id in crowd.room_ids:
        members = crowd.of(room_id)
        told = await asyncio.to_thread(history, crowd.servers[-1], room_id)
        await crowd.hear(room_id, len(told))
        for member in members:
            everything_acknowledged_was_done_once(member, told)
            assert everything_was_told_once_in_order(member, told) == 1 or member in refreshed
        for server in crowd.servers:
            room = await crowd.as_told_by(server, room_id)
            for member in members:
                assert as_known_by(member, room["position_at"]) == as_told(room), member.name


def history(server: ServerProcess, room_id: str) -> History:
    """All that happened, which has no gap itself."""
    told: History = []
    while True:
        path = f"/api/rooms/{room_id}/messages/?limit={PAGE}&after={len(told)}"
        page = Rest(server).get(path).body["messages"]
        told += page
        if len(page) < PAGE:
            break
    assert [message["seq"] for message in told] == [*range(1, len(told) + 1)]
    return told


def everything_acknowledged_was_done_once(member: Member, told: History) -> None:
    done: dict[str, list[int]] = defaultdict(list)
    for message in told:
        if "ref" in message["data"]:
            done[message["data"]["ref"]].append(message["seq"])
    for id, seq in member.acked.items():
        assert done[id] == [seq], f"{member.name}'s {member.said[id]}, acknowledged as {seq}"
    assert not done.keys() & member.refused.keys(), "refused, and done all the same"


def everything_was_told_once_in_order(member: Member, told: History) -> int:
    """Answers how often the whole room was sent: it stands for all before it."""
    by_seq = {message["seq"]: message for message in told}
    seq, rooms = 0, 0
    for visit in member.visits:
        for frame in visit.frames:
            if frame.type == "room_update":
                seq, rooms = frame.data["seq"], rooms + 1
            elif frame.type == "resumed":
                assert frame.data["seq"] == seq, _story(member, visit, frame, seq)
            elif frame.seq is not None:
                assert frame.first_seq == seq + 1, _story(member, visit, frame, seq)
                seq = frame.seq
                assert is_the_same(frame, by_seq[seq]), _story(member, visit, frame, seq)
    assert seq == len(told), f"{member.name} was not told of the end: {seq} of {len(told)}"
    return rooms


def is_the_same(frame: Frame, message: dict[str, Any]) -> bool:
    """What was told is what is kept (of merged frames, which stand for several, only the seq)."""
    is_merged = frame.first_seq != frame.seq
    return is_merged or (frame.type, frame.data) == (message["type"], message["data"])


def _story(member: Member, visit: Visit, frame: Frame, seq: int) -> str:
    seen = [(each.type, each.seq) for each in visit.frames[-20:]]
    return f"{member.name}, at {seq}, was told {frame} by {visit.ws_url}; last of all {seen}"


def as_known_by(member: Member, now: int) -> dict[str, Any]:
    room = member.session.room
    assert room
    return {
        "seq": room.seq,
        "epoch": room.epoch,
        "host_id": room.host_id,
        "is_playing": room.timeline.playing,
        "playback_rate": room.timeline.rate,
        "current_position": room.timeline.position_at(now),
        "users": {
            user.id: (user.name, user.is_host, user.is_online, user.role)
            for user in room.members.values()
        },
    }


def as_told(room: dict[str, Any]) -> dict[str, Any]:
    names = ("seq", "epoch", "host_id", "is_playing", "playback_rate")
    return {
        **{name: room[name] for name in names},
        "current_position": pytest.approx(room["current_position"], abs=MILLISECOND),
        "users": {
            user["id"]: (user["name"], user["is_host"], user["is_online"], user["role"])
            for user in room["users"]
        },
    }
