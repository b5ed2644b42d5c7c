"""What is no good frame is answered, and the socket stays; some frames end it."""

import asyncio
import contextlib
import json

import pytest
from websockets.exceptions import ConnectionClosed

from syncplay_backend.domain.limits import FRAME_BYTES
from tests.conftest import GiveParty, Party
from tests.peer import create_room
from tests.process import ServerProcess
from tests.ws.conftest import Knock

NO_FRAMES = {
    "nothing": "",
    "words": "play",
    "half": '{"type": "play"',
    "twice": '{"type": "play"} {"type": "play"}',
    "a list": '[{"type": "play"}]',
    "a number": "120",
    "null": "null",
    "a string": '"play"',
    "an empty object": "{}",
    "no type": '{"data": {"position": 1}}',
    "a type of number": '{"type": 7}',
    "a type of null": '{"type": null}',
    "a type of list": '{"type": ["play"]}',
    "an unknown type": '{"type": "teleport", "data": {}}',
    "a type of the server": '{"type": "room_update", "data": {}}',
    "a type in capitals": '{"type": "PLAY", "data": {}}',
    "a lone surrogate as type": r'{"type": "\ud800"}',
    "a long type": json.dumps({"type": "x" * 60_000}),
    "data of text": '{"type": "play", "data": "120"}',
    "data of list": '{"type": "play", "data": [120]}',
    "data of number": '{"type": "play", "data": 120}',
    "a key of number": '{"type": "play", "userId": 7, "data": {}}',
    "no number": '{"type": "seek", "data": {"position": NaN}}',
    "no end": '{"type": "seek", "data": {"position": Infinity}}',
    "more than a float": '{"type": "seek", "data": {"position": 1e999}}',
    "many digits": f'{{"type": "seek", "data": {{"position": {"9" * 5_000}}}}}',
    "a tower of lists": "[" * 60_000,
    "a tower in a field": f'{{"type": "play", "data": {{"x": {"[" * 30_000}{"]" * 30_000}}}}}',
    "a tower of objects": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "half a letter": r'{"type": "video_changed", "data": {"videoUrl": "https://a.b/\ud800"}}',
    "a byte order mark": '\ufeff{"type": "play"}',
}


@pytest.mark.parametrize("text", NO_FRAMES.values(), ids=NO_FRAMES)
async def test_what_is_no_frame_is_refused_and_the_socket_stays(
    server: ServerProcess, party: GiveParty, text: str
) -> None:
    them = await party(server)

    await them.alice.raw(text)

    refusal = await them.alice.expect_error("invalid")
    assert refusal["data"]["error"]
    assert refusal["data"]["retryable"] is False
    await still_plays(them)


async def still_plays(them: Party) -> None:
    """Alice's socket works, and Bob has not noticed anything."""
    await them.alice.send("seek", position=42)
    told = await them.bob.nothing_until("seek")
    assert told["data"]["position"] == 42


@pytest.mark.parametrize("text", NO_FRAMES.values(), ids=NO_FRAMES)
async def test_what_is_no_frame_is_refused_before_the_join_too(
    server: ServerProcess, knock: Knock, text: str
) -> None:
    seat = create_room(server)
    peer = await knock(server, seat.room_id)
    await peer.raw(text)
    await peer.expect_error("invalid")

    await peer.join(seat.key)


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"videoUrl": 7}, ["videoUrl"]),
        ({}, ["videoUrl"]),
        ({"videoUrl": "javascript:alert(1)"}, ["videoUrl"]),
        ({"videoUrl": "data:text/html,x"}, ["videoUrl"]),
        ({"videoUrl": "file:///etc/passwd"}, ["videoUrl"]),
        ({"videoUrl": "https://bob:secret@example.com/"}, ["videoUrl"]),
        ({"videoUrl": "https://example.com/" + "x" * 2_000}, ["videoUrl"]),
        ({"videoUrl": "", "videoTitle": 7}, ["videoUrl", "videoTitle"]),
        ({"videoUrl": "https://example.com/", "videoTitle": "x" * 201}, ["videoTitle"]),
        ({"videoUrl": "https://example.com/", "videoTitle": "a\x00"}, ["videoTitle"]),
    ],
)
async def test_every_wrong_field_is_named(
    server: ServerProcess, party: GiveParty, data: dict[str, object], fields: list[str]
) -> None:
    them = await party(server)

    await them.alice.send("video_changed", command_id=None, **data)

    refusal = await them.alice.expect("error")
    assert refusal["data"]["code"] == "invalid"
    assert list(refusal["data"].get("errors", {})) == fields
    await still_plays(them)


async def test_fields_that_nobody_knows_are_ignored(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    await them.alice.raw(
        '{"type": "seek", "roomId": 7, "version": {"of": "tomorrow"}, "seq": "x", "id": "a",'
        ' "data": {"position": 5, "type": "play", "fromTomorrow": [1, 2]}}'
    )

    assert (await them.bob.nothing_until("seek"))["data"]["position"] == 5


async def test_a_binary_frame_is_answered_and_ends_the_connection(
    any_server: ServerProcess, party: GiveParty
) -> None:
    them = await party(any_server)

    await them.alice.raw(b'{"type": "play"}')

    await them.alice.expect_error("invalid")
    assert await them.alice.closed() == 4400
    assert (await them.bob.read())["type"] == "user_offline"


async def test_an_empty_binary_frame_is_a_binary_frame(
    any_server: ServerProcess, party: GiveParty
) -> None:
    them = await party(any_server)

    await them.alice.raw(b"")

    await them.alice.expect_error("invalid")
    assert await them.alice.closed() == 4400


@pytest.mark.parametrize(
    "garbage", [b"\xff\xfe", b'{"type": "chat", "data": {"text": "\xed\xa0\x80"}}']
)
async def test_a_text_frame_that_is_no_text_is_answered_and_ends_the_connection(
    server: ServerProcess, party: GiveParty, garbage: bytes
) -> None:
    them = await party(server)

    await them.alice.connection.send(garbage, text=True)

    await them.alice.expect_error("invalid")
    assert await them.alice.closed() == 4400
    assert "Traceback" not in server.logged()


@pytest.mark.parametrize("text", ["x" * (FRAME_BYTES + 1), "ü" * (FRAME_BYTES // 2 + 1)])
async def test_a_frame_beyond_64_kib_is_answered_and_ends_the_connection(
    any_server: ServerProcess, party: GiveParty, text: str
) -> None:
    them = await party(any_server)

    await them.alice.raw(text)

    await them.alice.expect_error("too_large")
    assert await them.alice.closed() == 4400


async def test_a_frame_of_64_kib_is_read(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)
    frame = '{"type": "seek", "data": {"position": 42}}'

    await them.alice.raw(frame + " " * (FRAME_BYTES - len(frame)))

    await them.bob.nothing_until("seek")


async def test_a_frame_beyond_the_servers_own_limit_is_cut_off(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)

    with contextlib.suppress(ConnectionClosed):
        await them.alice.raw("x" * (1024 * 1024 + 1))

    assert await them.alice.closed() == 1009
    assert (await them.bob.read())["type"] == "user_offline"


async def test_a_frame_in_pieces_is_one_frame(server: ServerProcess, party: GiveParty) -> None:
    them = await party(server)

    await them.alice.connection.send(['{"type": "seek", ', '"data": {"posi', 'tion": 42}}'])

    assert (await them.bob.nothing_until("seek"))["data"]["position"] == 42


async def test_bad_frames_of_one_do_not_slow_the_other(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await asyncio.gather(*(them.bob.raw("[" * 60_000) for _ in range(50)))

    await them.alice.nothing_until("heartbeat")
    for _ in range(50):
        await them.bob.expect_error("invalid")
