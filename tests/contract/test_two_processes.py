"""Two server processes, one PostgreSQL, one Valkey, and members of one room on both.

Alice hosts on the first server, Bob watches on the second. Charlie has a precise client (protocol
2) on each, which is sent every numbered event.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.services.execute import answered, submit
from tests.conftest import Connect
from tests.peer import Frame, Peer, Rest, create_room, join_room
from tests.process import ServerProcess

TwoServers = tuple[ServerProcess, ServerProcess]


@dataclass
class Gathering:
    first: ServerProcess
    second: ServerProcess
    alice: Peer
    bob: Peer
    watchers: list[Peer]  # Charlie's: one on each server

    @property
    def room_id(self) -> str:
        assert self.alice.seat
        return self.alice.seat.room_id

    async def hears_everywhere(self, *kinds: str) -> list[Frame]:
        """These events reach Charlie on both servers: the same, in order, with no gap."""
        heard = [[await watcher.read() for _ in kinds] for watcher in self.watchers]
        assert [frame["type"] for frame in heard[0]] == list(kinds)
        assert heard[0] == heard[1]
        seqs = [frame["seq"] for frame in heard[0]]
        assert seqs == list(range(seqs[0], seqs[0] + len(kinds)))
        return heard[0]


@pytest.fixture
async def gathering(two_servers: TwoServers, connect: Connect) -> AsyncIterator[Gathering]:
    first, second = two_servers
    hosting = create_room(first)
    watching = join_room(second, hosting.room_id, "Bob")
    alice, bob = await connect(first, hosting), await connect(second, watching)
    await alice.expect("user_joined", id=watching.public_id, is_online=True)
    watchers = [await Peer.connect(server, hosting.room_id) for server in two_servers]
    key = str(uuid4())
    for watcher in watchers:
        await watcher.join(key, "Charlie", protocol=2)
    for peer in (alice, bob):
        await peer.expect("user_joined", name="Charlie", is_online=True)
    yield Gathering(first, second, alice, bob, watchers)
    for watcher in watchers:
        await watcher.close()


async def test_what_one_does_over_a_socket_the_others_see(gathering: Gathering) -> None:
    them = gathering
    await them.alice.send("video_changed", videoUrl="https://example.com/video.mp4")
    await them.alice.send("play", position=120)
    await them.alice.send("seek", position=60.5)
    await them.alice.send("pause")

    kinds = ("video_changed", "play", "seek", "pause")
    assert [(await them.bob.read())["type"] for _ in kinds] == list(kinds)
    await them.hears_everywhere(*kinds)


async def test_what_one_does_over_rest_the_others_see(gathering: Gathering) -> None:
    them = gathering
    for server, action in ((them.first, "play"), (them.second, "pause")):
        wish = {"user_id": them.alice.key, "action": action, "position": 7.25}
        path = f"/api/rooms/{them.room_id}/control/"
        assert Rest(server).post(path, wish).status == 200
        for peer in (them.alice, them.bob):
            assert (await peer.read())["type"] == action

    await them.hears_everywhere("play", "pause")
    for server in (them.first, them.second):
        room = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]
        assert (room["current_position"], room["is_playing"]) == (7.25, False)


async def test_a_burst_from_both_sides_is_in_one_order_for_all(gathering: Gathering) -> None:
    them = gathering
    await asyncio.gather(
        seeks_over_the_socket(them, range(100, 150)), seeks_over_rest(them, range(20))
    )
    for peer, expected in ((them.bob, 70), (them.alice, 20)):  # not what Alice sent herself
        while len(peer.seen("seek")) < expected:
            await peer.expect("seek")

    told = await them.hears_everywhere(*["seek"] * 70)

    assert them.bob.seen("seek") == told
    positions = [frame["data"]["position"] for frame in told]
    assert [position for position in positions if position >= 100] == list(range(100, 150))
    assert sorted(position for position in positions if position < 100) == list(range(20))


async def seeks_over_the_socket(them: Gathering, positions: range) -> None:
    """Ten at a time: a connection has at most sixteen commands under way."""
    for start in range(positions.start, positions.stop, 10):
        for position in range(start, start + 10):
            await them.alice.send("seek", position=position)
        await them.bob.expect("seek", position=start + 9)


async def seeks_over_rest(them: Gathering, positions: range) -> None:
    path = f"/api/rooms/{them.room_id}/control/"

    async def seek(position: int) -> None:
        wish = {"user_id": them.alice.key, "action": "seek", "position": position}
        server = (them.first, them.second)[position % 2]
        assert (await asyncio.to_thread(Rest(server).post, path, wish)).status == 200

    await asyncio.gather(*(seek(position) for position in positions))


async def test_presence_is_seen_across(gathering: Gathering, connect: Connect) -> None:
    them = gathering
    assert them.bob.seat
    tab = await connect(them.first, them.bob.seat)  # the same member, on the other server
    await them.bob.close()
    await tab.abort()

    gone = await them.alice.read()
    assert (gone["type"], gone["data"]["id"]) == ("user_offline", them.bob.public_id)
    await connect(them.first, them.bob.seat)
    await them.alice.expect("user_joined", id=them.bob.public_id, is_online=True)
    await them.hears_everywhere("user_offline", "user_joined")


async def test_leaving_on_one_server_closes_the_connections_on_the_other(
    gathering: Gathering, connect: Connect
) -> None:
    them = gathering
    assert them.bob.seat
    tab = await connect(them.first, them.bob.seat)

    await them.bob.send("leave")

    assert await them.bob.closed() == 1000
    assert await tab.closed() == 1000
    await them.alice.expect("user_left", id=them.bob.public_id)
    await them.hears_everywhere("user_left")


async def test_a_ninth_connection_closes_the_oldest_on_the_other_server(
    gathering: Gathering, connect: Connect
) -> None:
    them = gathering
    assert them.bob.seat
    for _ in range(8):
        await connect(them.first, them.bob.seat)

    await them.bob.expect_error("too_many_connections")

    assert await them.bob.closed() == 4409


async def test_the_host_is_succeeded_across(gathering: Gathering) -> None:
    them = gathering
    await them.alice.send("leave")

    room = (await them.bob.expect("room_update"))["data"]
    assert room["host_id"] == them.bob.public_id
    await them.bob.send("play", position=3)
    told = await them.hears_everywhere("user_left", "host_changed", "play")
    assert told[1]["data"]["id"] == told[2]["userId"] == them.bob.public_id


async def test_a_closed_room_ends_on_both(gathering: Gathering) -> None:
    them = gathering
    await answered(submit(UUID(them.room_id), c.Close()))

    for peer in (them.alice, them.bob, *them.watchers):
        assert await peer.closed() == 4410


async def test_names_are_taken_once_across(two_servers: TwoServers) -> None:
    room_id = create_room(two_servers[0]).room_id

    async def join(server: ServerProcess) -> int:
        wish = {"room_id": room_id, "user_name": "Bob"}
        return (await asyncio.to_thread(Rest(server).post, "/api/rooms/join/", wish)).status

    statuses = await asyncio.gather(*(join(server) for server in two_servers * 3))

    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]
