"""Charlie sends whatever Hypothesis comes up with, and nobody is any the worse for it."""

import asyncio
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.peer import Peer, create_room
from tests.process import ServerProcess
from tests.ws.cast import fresh_key

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=10,
)
types = st.sampled_from(["join", "play", "pause", "seek", "video_changed", "heartbeat"])
names = st.sampled_from(
    ["position", "videoUrl", "videoTitle", "userName", "password", "protocol", "lastSeq", "type"]
)
data = st.dictionaries(names | st.text(max_size=10), values, max_size=5) | values
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "type": types | values,
        "data": data,
        "userId": st.uuids().map(str) | values,
        "id": values,
    },
)
texts = st.text(st.characters(codec="utf-8"), max_size=200)
frames = st.one_of(texts, values.map(json.dumps), envelopes.map(json.dumps))
# Leaving is a viewer's good right, and would end the game.
hostile = frames.filter(lambda text: "leave" not in text)

slow = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@slow
@given(insults=st.lists(hostile, min_size=1, max_size=40))
def test_nothing_a_viewer_sends_disturbs_anybody(server: ServerProcess, insults: list[str]) -> None:
    asyncio.run(a_room_survives(server, insults, as_member=True))


@slow
@given(insults=st.lists(hostile, min_size=1, max_size=40))
def test_nothing_a_stranger_sends_disturbs_anybody(
    server: ServerProcess, insults: list[str]
) -> None:
    asyncio.run(a_room_survives(server, insults, as_member=False))


async def a_room_survives(server: ServerProcess, insults: list[str], *, as_member: bool) -> None:
    seat = create_room(server)
    alice, charlie = [await Peer.connect(server, seat.room_id) for _ in range(2)]
    try:
        await alice.take(seat)
        if as_member:
            await charlie.join(fresh_key(), "Charlie")
            await alice.expect("user_joined")
        for text in insults:
            await charlie.raw(text)
        await it_still_works(charlie)
        await alice.nothing_until("heartbeat", of=["play", "pause", "seek", "video_changed"])
    finally:
        await alice.close()
        await charlie.close()


async def it_still_works(charlie: Peer) -> None:
    """Charlie's own socket answers, with one frame of known form for each of its own."""
    charlie.key = None
    await charlie.raw('{"type": "teleport"}')
    while not is_about_teleport(frame := await charlie.expect("error")):
        assert frame["data"]["code"] != "server_error", frame


def is_about_teleport(frame: dict[str, Any]) -> bool:
    return "teleport" in frame["data"]["error"]
