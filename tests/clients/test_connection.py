import asyncio
import json

import pytest
from syncplay_client import Ended, Refused, VirtualPlayer, connect
from syncplay_client import session as sessions
from syncplay_client.link import local_time

from tests.clients.stage import SocketServer, until
from tests.simulation.server import ALICES_KEY


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr(sessions, "FIRST_WAIT", 10.0)


@pytest.fixture
async def stage():
    async with SocketServer.running() as running:
        yield running


def connect_alice(stage):
    return connect(stage.url, None, "Alice", key=ALICES_KEY)


async def test_who_is_connected_is_in_the_room(stage):
    async with connect(stage.url, None, "Bob") as room:
        assert [member.name for member in room.room.online] == ["Bob"]
        assert room.room.name == "Movie night"


async def test_a_command_is_done_when_it_is_answered(stage):
    async with connect(stage.url, None, "Bob") as room:
        seq = await room.play(12.5)

        assert seq == room.room.seq
        assert room.room.timeline.playing
        assert room.room.timeline.position == 12.5


async def test_everything_that_happens_can_be_read_in_order(stage):
    async with connect_alice(stage) as alice, connect(stage.url, None, "Bob") as bob:
        events = bob.events()
        for command in (alice.play(), alice.seek(60), alice.pause()):
            await command

        assert [(await anext(events)).type for _ in range(3)] == ["play", "seek", "pause"]


async def test_a_refusal_is_raised(stage):
    async with connect(stage.url, None, "Bob") as room:
        with pytest.raises(Refused) as refused:
            await room.seek(-1)

        assert refused.value.code == "invalid"


async def test_a_lost_connection_comes_back_and_misses_nothing(stage):
    async with connect_alice(stage) as alice, connect(stage.url, None, "Bob") as bob:
        events = bob.events()
        stage.cut()
        seq = await alice.seek(60)
        await until(lambda: bob.room.seq >= seq and bob.is_connected)
        numbers = []
        while not numbers or numbers[-1] < seq:
            numbers.append((await anext(events)).seq)

        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        assert bob.room.timeline.position == 60
        assert any('"lastSeq"' in text for text in stage.heard)


async def test_a_command_without_an_answer_is_said_again_and_done_once(stage):
    async with connect(stage.url, None, "Bob") as room:
        stage.answers = False
        seek = asyncio.create_task(room.seek(60))
        await until(lambda: any('"type":"seek"' in text for text in stage.heard))
        stage.answers = True
        stage.cut()
        await seek
        seeks = [json.loads(text) for text in stage.heard if '"type":"seek"' in text]

        assert len(seeks) == 2
        assert seeks[0]["id"] == seeks[1]["id"]
        assert [json.loads(text)["type"] for text in stage.server.log].count("seek") == 1


async def test_the_clock_is_that_of_the_server(stage):
    async with connect(stage.url, None, "Bob") as room:
        await until(lambda: room.session.clock.is_set)

        assert room.server_time == pytest.approx(stage.server.time.now(), abs=50)


async def test_a_player_is_kept_where_the_room_is(stage):
    async with connect(stage.url, None, "Bob") as room:
        player = VirtualPlayer(local_time)
        room.follow(player)
        await room.play(100)
        await until(lambda: player.true_position > 100.2)

        assert player.true_position == pytest.approx(stage.server.position(), abs=0.2)
        await until(lambda: any('"type":"status"' in text for text in stage.heard))


async def test_a_room_that_is_closed_is_the_end(stage):
    async with connect(stage.url, None, "Bob") as room:
        events = room.events()
        await stage.hang_up(4410)
        with pytest.raises(Ended, match="room_closed"):
            async for _ in events:
                pass
        with pytest.raises(Ended, match="room_closed"):
            await room.play()


async def test_who_closes_hears_no_more(stage):
    async with connect(stage.url, None, "Bob") as room:
        events = room.events()

    assert [event async for event in events] == []


async def test_who_is_refused_at_the_door_hears_why(stage):
    async with connect(stage.url, None, "Bob"):
        with pytest.raises(Ended, match="name_taken"):
            async with connect(stage.url, None, "Bob"):
                pass


async def test_a_player_that_fails_is_not_silence(stage, caplog):
    class Broken(VirtualPlayer):
        @property
        def position(self):
            raise RuntimeError("no picture")

    async with connect(stage.url, None, "Bob") as room:
        room.follow(Broken(local_time))
        await until(lambda: room.has_ended)
        with pytest.raises(Ended, match="no picture"):
            await room.play()
    assert "a task of the room has failed" in caplog.text
