"""The client and the real server, each as people use them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import syncplay_client
from syncplay_client import Refused, RoomConnection, VirtualPlayer, connect, create_room
from syncplay_client import session as sessions
from syncplay_client.link import local_time

from tests.clients.stage import until
from tests.conftest import StartServer
from tests.peer import Rest
from tests.process import ServerProcess
from tests.proxy import Proxy

PACKAGE = Path(syncplay_client.__file__).parents[1]
TOGETHER = 0.2  # s: a busy machine is no failure; how near they come is measured in benchmarks/


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "FIRST_WAIT", 20.0)
    monkeypatch.setattr(sessions, "LONGEST_WAIT", 200.0)


@pytest.fixture
async def alice(server: ServerProcess) -> AsyncIterator[RoomConnection]:
    async with host(server.url) as room:
        yield room


def host(url: str, **options: object) -> Host:
    return Host(url, options)


class Host:
    """Alice, in a room of her own."""

    def __init__(self, url: str, options: dict[str, object]) -> None:
        self._url = url
        self._options = options

    async def __aenter__(self) -> RoomConnection:
        self.seat = await create_room(self._url, "Movie night", "Alice", **self._options)
        self.room = connect(self._url, self.seat.room_id, "Alice", key=self.seat.key)
        return await self.room.__aenter__()

    async def __aexit__(self, *exception: object) -> None:
        await self.room.close()


def beside(alice: RoomConnection, server: ServerProcess) -> RoomConnection:
    return connect(server.url, alice.room.id, "Bob")


async def heard(events: AsyncIterator[syncplay_client.Event], kind: str) -> syncplay_client.Event:
    async with asyncio.timeout(20):
        async for event in events:
            if event.type == kind:
                return event
    raise AssertionError(f"no {kind}")


async def test_all_that_one_does_the_other_sees_in_order(alice, server):
    async with beside(alice, server) as bob:
        events = bob.events()
        await alice.change_video("https://example.com/film.mp4", "A film")
        await alice.play(12.5)
        await alice.seek(60)
        await alice.rate(1.5)
        await alice.pause()
        await bob.chat("hello")
        await bob.react("🎉")
        await alice.settings(wait="host")
        kinds = [(await anext(events)).type for _ in range(8)]

        assert kinds == [
            "video_changed", "play", "seek", "rate", "pause", "chat", "reaction",
            "settings_changed",
        ]  # fmt: skip
        assert bob.room == alice.room
        assert bob.room.video_title == "A film"
        assert bob.room.timeline.rate == 1.5
        assert not bob.room.timeline.playing
        assert bob.room.chat[0].text == "hello"
        assert bob.room.settings == {"control": "host", "wait": "host"}


async def test_a_refusal_says_which_field_is_wrong(alice):
    with pytest.raises(Refused) as refused:
        await alice.seek(-1)

    assert refused.value.code == "invalid"
    assert "position" in refused.value.errors


async def test_who_was_slower_is_told_so(alice):
    seen = await alice.seek(10)
    await alice.seek(20, expect=seen)
    with pytest.raises(Refused, match="conflict"):
        await alice.seek(30, expect=seen)

    assert alice.room.timeline.position == 20


async def test_who_leaves_is_gone(alice, server):
    async with beside(alice, server) as bob:
        await bob.leave()

        assert bob.has_ended
    await until(lambda: [member.name for member in alice.room.members.values()] == ["Alice"])


async def test_who_leaves_from_elsewhere_does_not_come_back(server):
    async with host(server.url) as alice:
        path = f"/api/rooms/{alice.room.id}/leave/"
        Rest(server).delete(path, {"user_id": alice.session.key})
        await until(lambda: alice.has_ended)

        with pytest.raises(syncplay_client.Ended, match="left"):
            await alice.play()


async def test_the_servers_time_is_known(alice, server):
    await until(lambda: alice.session.clock.is_set)
    told = Rest(server).get(f"/api/rooms/{alice.room.id}/").body["room"]["server_time"]

    assert alice.server_time == pytest.approx(told, abs=100)


async def test_two_players_are_together_and_say_so(alice, server):
    async with beside(alice, server) as bob:
        players = [VirtualPlayer(local_time), VirtualPlayer(local_time)]
        for room, player in zip((alice, bob), players, strict=True):
            room.follow(player)
        await alice.play(100)
        await until(lambda: all(player.true_position > 100.5 for player in players))

        assert players[0].true_position == pytest.approx(players[1].true_position, abs=TOGETHER)
        assert players[1].true_position == pytest.approx(bob.position, abs=TOGETHER)
        await until(lambda: set(alice.room.statuses) == set(alice.room.members))
        assert {status.state for status in alice.room.statuses.values()} == {"ready"}
        sync = Rest(server).get(f"/api/rooms/{alice.room.id}/").body["sync"]
        assert {member["id"] for member in sync["members"]} == set(alice.room.members)


async def test_the_room_waits_for_who_is_short_of_video(alice, server):
    async with beside(alice, server) as bob:
        players = [VirtualPlayer(local_time), VirtualPlayer(local_time)]
        for room, player in zip((alice, bob), players, strict=True):
            room.follow(player)
        await until(lambda: len(alice.room.statuses) == 2)
        events = alice.events()
        await alice.play(100)
        await until(lambda: players[1].true_position > 100.1)
        players[1].stall(700)
        waiting = await heard(events, "waiting")
        [bobs_id] = (member.id for member in alice.room.members.values() if member.name == "Bob")

        assert waiting.data["for"] == [bobs_id]
        again = await heard(events, "play")
        assert again.user_id is None
        assert again.data["position"] == waiting.data["position"]
        await until(lambda: not alice.room.waiting.members and players[0].playing)


async def test_a_server_that_is_killed_and_comes_back_has_lost_nothing(start_server: StartServer):
    server = start_server()
    async with host(server.url) as alice, beside(alice, server) as bob:
        events = bob.events()
        first = await alice.seek(10)
        await asyncio.to_thread(server.kill)
        await until(lambda: not (alice.is_connected or bob.is_connected))
        seeking = asyncio.create_task(alice.seek(60))
        await asyncio.to_thread(server.start)
        last = await seeking
        await until(lambda: bob.is_connected and bob.room.seq >= last)
        told = []
        while not told or told[-1].seq != last:
            told.append(await anext(events))

        numbers = [event.seq for event in told]
        assert numbers == list(range(numbers[0], last + 1))
        assert numbers[0] <= first
        assert bob.room.timeline.position == 60
        assert bob.room.seq == alice.room.seq


async def test_a_command_that_was_done_but_not_answered_is_said_again_and_done_once(server):
    async with Proxy.before(server.port) as proxy, host(proxy.url) as alice:
        path = f"/api/rooms/{alice.room.id}/messages/?type=seek"
        proxy.answers = False
        seeking = asyncio.create_task(alice.seek(60))
        await until(lambda: Rest(server).get(path).body["count"] == 1)
        proxy.answers = True
        proxy.cut()
        seq = await seeking
        [seek] = Rest(server).get(path).body["messages"]

        assert seek["seq"] == seq
        assert alice.room.timeline.position == 60


async def test_a_short_break_is_resumed_and_not_begun_anew(server):
    async with Proxy.before(server.port) as proxy, host(proxy.url) as alice:
        events = alice.events()
        proxy.cut()
        await alice.chat("back")
        told = [(await anext(events)).type for _ in range(3)]

        assert told == ["user_offline", "user_joined", "chat"]


async def run(*arguments: str, key: str = "") -> tuple[int, str]:
    """`syncplay-client …`, as a process. Its exit code, and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "syncplay_client", *arguments,
        env={**os.environ, "PYTHONPATH": str(PACKAGE), "SYNCPLAY_KEY": key},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            written, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode or 0, written.decode()


async def test_the_command_controls_a_room(alice, server):
    url = f"{server.url}/room/{alice.room.id}"
    for _ in range(2):  # the first one's name is free again
        code, written = await run("control", url, "chat", "hello")
        assert code == 0, written
    code, written = await run("control", url, "seek", "90.5", key=alice.session.key)
    assert code == 0, written
    code, written = await run("control", url, "play")

    assert "not_allowed" in written
    assert code == 1
    await until(lambda: alice.room.timeline.position == 90.5 and len(alice.room.chat) == 2)


async def test_the_command_watches_a_room(alice, server):
    url = f"{server.url}/room/{alice.room.id}"
    code, written = await run("watch", url, "--name", "Bob", "--seconds", "1")

    assert code == 0, written
    assert "⏸ 0:00:00.000 x1 [Alice, Bob]" in written


async def test_the_command_fills_a_room_and_measures(server):
    code, written = await run("load", server.url, "--members", "3", "--seconds", "5")

    assert code == 0, written
    assert "3 members, 5 s, 1 commands" in written
    assert "nan" not in written
