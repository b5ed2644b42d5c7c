"""Two server processes, one PostgreSQL, one Valkey, and members of one room on both.

Alice hosts on the first server, Bob watches on the second. Charlie has a precise client (protocol
2) on each, which is sent every numbered event.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.services.execute import answered, submit
from tests.conftest import Connect
from tests.peer import Frame, Peer, Rest, Seat, create_room, join_room
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
async def gathering(two_servers: TwoServers, connect: Connect) -> Gathering:
    first, second = two_servers
    hosting = create_room(first)
    watching = join_room(second, hosting.room_id, "Bob")
    alice, bob = await connect(first, hosting), await connect(second, watching)
    await alice.expect("user_joined", id=watching.public_id, is_online=True)
    key = str(uuid4())
    watchers = [await precise(connect, server, hosting, key) for server in two_servers]
    for peer in (alice, bob):
        await peer.expect("user_joined", name="Charlie", is_online=True)
    return Gathering(first, second, alice, bob, watchers)


async def precise(connect: Connect, server: ServerProcess, seat: Seat, key: str) -> Peer:
    """A connection of protocol 2. It joins as one of the contract first, and then anew."""
    peer = await Peer.connect(server, seat.room_id)
    await peer.join(key, "Charlie", protocol=2)
    return peer


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
    path = f"/api/rooms/{them.room_id}/control/"

    async def over_rest(position: int) -> None:
        wish = {"user_id": them.alice.key, "action": "seek", "position": position}
        server = (them.first, them.second)[position % 2]
        assert (await asyncio.to_thread(Rest(server).post, path, wish)).status == 200

    async def over_the_socket() -> None:
        for position in range(100, 150):
            await them.alice.send("seek", position=position)
            await them.alice.expect_heartbeat() if position % 10 == 0 else None

    await asyncio.gather(over_the_socket(), *(over_rest(position) for position in range(20)))

    told = await them.hears_everywhere(*["seek"] * 70)
    own = [f["data"]["position"] for f in told if f["data"]["position"] >= 100]
    assert own == list(range(100, 150))
    bobs = [await them.bob.read() for _ in range(70)]
    assert bobs == told


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


def people(room: dict[str, Any]) -> dict[str, bool]:
    return {user["name"]: user["is_online"] for user in room["users"]}
