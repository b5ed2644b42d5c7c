import asyncio

import pytest
from syncplay_client import Seat, VirtualPlayer, connect, load
from syncplay_client.cli import clock_face, describe, main
from syncplay_client.link import local_time

from tests.clients.stage import SocketServer, until
from tests.simulation.server import ALICES_KEY, ROOM


@pytest.fixture
async def stage():
    async with SocketServer.running() as running:
        yield running


async def run(*arguments):
    """The command in a thread of its own, as it has a loop of its own."""
    return await asyncio.to_thread(main, arguments)


async def test_control_commands_the_room(stage, capsys):
    assert await run("control", stage.url, "seek", "90.5") == 0

    assert stage.server.room.timeline.position == 90.5
    assert "done" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "playing"), [(("play", "5"), True), (("play",), True), (("pause",), False)]
)
async def test_every_plain_action_is_known(stage, arguments, playing):
    assert await run("control", stage.url, *arguments) == 0

    assert stage.server.room.timeline.playing is playing


async def test_a_rate_too(stage):
    assert await run("control", stage.url, "rate", "1.5") == 0

    assert stage.server.room.timeline.rate == 1.5


async def test_the_key_comes_from_the_environment(stage, monkeypatch):
    monkeypatch.setenv("SYNCPLAY_KEY", ALICES_KEY)
    await run("control", stage.url, "play", "--name", "whoever")

    assert [member.name for member in stage.server.room.members.values()] == ["Alice"]


async def test_what_is_missing_is_asked_for(stage, capsys):
    assert await run("control", stage.url, "seek") == 1

    assert "the seconds to go to" in capsys.readouterr().err


async def test_watch_shows_where_the_room_is(stage, capsys):
    assert await run("watch", stage.url, "--name", "Bob", "--seconds", "0.1") == 0

    assert "⏸ 0:00:00.000 x1 [Bob]" in capsys.readouterr().out


async def test_the_live_line_tells_how_exact_it_is(stage):
    async with connect(stage.url, None, "Bob") as room:
        player = VirtualPlayer(local_time)
        room.follow(player)
        await until(lambda: room.session.clock.is_set)

        assert "round trip" in describe(room, player)


def test_a_wrong_address_is_said_so(capsys):
    assert main(["watch", "somewhere"]) == 1

    assert "is no address" in capsys.readouterr().err


def test_another_machine_is_loaded_only_on_purpose(capsys):
    assert main(["load", "https://watch.example"]) == 1

    assert "--anywhere" in capsys.readouterr().err


async def test_load_fills_a_room_and_measures(stage, monkeypatch):
    async def found(*_, **__):
        return Seat(str(ROOM), "Alice", ALICES_KEY, "", is_host=True)

    monkeypatch.setattr(load, "create_room", found)
    monkeypatch.setattr(load, "SETTLE", 0.1)
    monkeypatch.setattr(load, "LOOK_EVERY", 0.02)
    report = await load.load(stage.url, members=3, seconds=1.0)

    assert report.members == 3
    assert report.measured > 0
    assert report.apart_p95 < 1_000
    assert "3 members" in str(report)


@pytest.mark.parametrize(
    ("position", "shown"),
    [(0, "0:00:00.000"), (59.999, "0:00:59.999"), (3725.5, "1:02:05.500"), (36000, "10:00:00.000")],
)
def test_seconds_as_people_read_them(position, shown):
    assert clock_face(position) == shown
