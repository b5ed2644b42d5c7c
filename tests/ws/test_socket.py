"""The conversation around the join: before it, right behind it, and again."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from websockets.exceptions import ConnectionClosed

from syncplay_backend.domain.limits import COMMANDS_IN_FLIGHT, JOIN_SECONDS
from syncplay_backend.services import visits
from syncplay_backend.ws.socket import RoomSocket
from tests.conftest import GiveParty
from tests.peer import PATIENCE, Peer
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, fresh_key, stored_room
from tests.ws.conftest import Knock

COMMANDS: dict[str, dict[str, object]] = {
    "play": {"position": 1},
    "pause": {"position": 1},
    "seek": {"position": 1},
    "video_changed": {"videoUrl": "https://example.com/video.mp4"},
    "leave": {},
}


async def test_commands_before_the_join_are_refused(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    for named in (None, them.alice.key):
        charlie.key = named
        for kind, data in COMMANDS.items():
            await charlie.send(kind, command_id=None, **data)
            await charlie.expect_error("not_joined")

    await them.alice.send("seek", position=77)
    assert (await them.bob.nothing_until("seek"))["data"]["position"] == 77


async def test_who_has_not_joined_hears_nothing(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    await them.alice.send("play", position=1)
    await them.bob.expect("play")

    await charlie.nothing_until("heartbeat")


async def test_who_does_not_join_is_sent_away(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    silent, alive, refused = [await knock(server, them.room_id) for _ in range(3)]
    await ask_to_join(refused, fresh_key(), "Alice")
    await refused.expect_error("name_taken")
    await alive.send("heartbeat")
    await alive.expect("heartbeat")

    for peer in (silent, alive, refused):
        frames = await read_all(peer)
        assert [frame["data"]["code"] for frame in frames] == ["not_joined"]
        assert peer.connection.close_code == 4401
    await them.alice.nothing_until("heartbeat")  # who joined in time stays


async def read_all(peer: Peer) -> list[dict[str, dict[str, str]]]:
    """Until the server closes, which it does later than what peers have patience for."""
    frames = []
    async with asyncio.timeout(JOIN_SECONDS + PATIENCE):
        try:
            while True:
                frames.append(await peer.read())
        except ConnectionClosed:
            return frames


async def test_commands_right_behind_the_join_are_obeyed_in_order(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    tab = await knock(server, them.room_id)
    await ask_to_join(tab, them.alice.key)
    await tab.send("seek", position=5)
    await tab.send("play")
    await tab.send("pause", position=6)
    await tab.send("heartbeat")

    await tab.expect("room_update")
    told = [await them.bob.read() for _ in range(3)]

    assert [frame["type"] for frame in told] == ["seek", "play", "pause"]
    assert [frame["data"]["position"] for frame in told] == [5, 5, 6]


async def test_commands_behind_a_refused_join_are_refused_too(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    await ask_to_join(charlie, fresh_key(), "Alice")
    await charlie.send("seek", position=5)

    await charlie.expect_error("name_taken")
    await charlie.expect_error("not_joined")


async def test_a_second_join_right_behind_a_refused_one_counts(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    await ask_to_join(charlie, fresh_key(), "Alice")
    await ask_to_join(charlie, fresh_key(), "Charlie")
    await charlie.send("play")

    await charlie.expect_error("name_taken")
    await charlie.expect("room_update")
    await charlie.expect_error("not_allowed")


async def test_too_many_commands_behind_a_join_are_told_to_wait(
    server: ServerProcess, party: GiveParty, knock: Knock
) -> None:
    them = await party(server)
    charlie = await knock(server, them.room_id)
    await ask_to_join(charlie, fresh_key(), "Charlie")
    for _ in range(COMMANDS_IN_FLIGHT * 20):
        await charlie.send("play")

    codes = set()
    for _ in range(COMMANDS_IN_FLIGHT * 20):
        codes.add((await charlie.expect("error"))["data"]["code"])

    assert codes <= {"not_allowed", "slow_down"}


async def test_a_second_join_shows_the_room_again(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    await them.alice.send("seek", position=42)
    await them.bob.expect("seek")

    room = await them.bob.join(str(them.bob.key), "Bob")

    assert room["current_position"] == 42
    assert room["user_count"] == 2
    await them.alice.nothing_until("heartbeat", of=["user_joined", "room_update"])


async def test_a_socket_stands_for_one_member(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    own = them.bob.key
    for other in (them.alice.key, fresh_key()):
        await ask_to_join(them.bob, other, "Charlie")
        await them.bob.expect_error("not_allowed")
        await them.bob.send("play", position=1)
        await them.bob.expect_error("not_allowed")

        await them.bob.send("heartbeat")
        await them.bob.expect_error("not_allowed")

    them.bob.key = own
    await them.bob.nothing_until("heartbeat")
    assert (await stored_room(them.room_id)).is_playing is False


async def test_a_frame_that_names_its_own_key_or_none_is_obeyed(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await them.alice.send("seek", position=1)
    them.alice.key = None
    await them.alice.send("seek", position=2)

    assert (await them.bob.expect("seek"))["data"]["position"] == 1
    assert (await them.bob.expect("seek"))["data"]["position"] == 2


class Line:
    """A socket on paper: what a server would hand in, and what it would be handed."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[Any] = asyncio.Queue()
        self.outgoing: asyncio.Queue[Any] = asyncio.Queue()

    def hear(self, **frame: object) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    def drop(self) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1006})

    def socket(self) -> RoomSocket:
        return RoomSocket(uuid4(), {"type": "websocket"}, self.incoming.get, self.outgoing.put)


async def test_a_database_that_is_away_when_a_socket_opens_ends_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(room_id: UUID) -> bool:
        raise OperationalError("the database is away")

    monkeypatch.setattr(visits, "exists", fail)
    line = Line()
    conversation = asyncio.create_task(line.socket().converse())
    line.hear(type="heartbeat")
    line.hear(type="play")

    told = [json.loads((await line.outgoing.get())["text"]) for _ in range(2)]
    line.drop()
    await conversation

    assert [frame["type"] for frame in told] == ["heartbeat", "error"]
    assert line.outgoing.empty()


async def test_who_is_gone_before_the_answer_does_not_stay_online(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    for _ in range(5):
        peer = await Peer.connect(server, them.room_id)
        await ask_to_join(peer, fresh_key(), f"Charlie {fresh_key()[:8]}")
        await peer.abort()

    online = 0
    await them.alice.send("seek", position=1)
    await them.bob.expect("seek")
    for text in them.bob.frames:
        kind = json.loads(text)["type"]
        online += {"user_joined": 1, "user_offline": -1}.get(kind, 0)
    while online:
        online += {"user_joined": 1, "user_offline": -1}.get((await them.bob.read())["type"], 0)
