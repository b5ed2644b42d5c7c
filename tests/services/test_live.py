"""The services within a real server: what only real sockets and real signals show."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from syncplay_backend.domain import limits
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Message, Room, RoomSession, User
from tests.conftest import GiveParty, Party, StartServer
from tests.peer import Peer, join_room
from tests.process import ServerProcess

CUT_WITHIN = 30.0


def in_thread(do: Callable) -> Callable:
    return sync_to_async(do, thread_sensitive=False)


def _and_close(ask: Callable[[], object]) -> Callable[[], object]:
    def asked() -> object:
        try:
            return ask()
        finally:
            connection.close()

    return asked


async def test_whoever_joins_in_the_middle_of_much_misses_nothing(
    server: ServerProcess, party: GiveParty
) -> None:
    """Each sees consecutive seqs from the room it was shown, over real sockets."""
    gathering = await party(server)
    seats = [join_room(server, gathering.room_id, f"Viewer {n}") for n in range(5)]
    seeking = asyncio.create_task(_seek(gathering, 150))
    viewers = []
    for seat in seats:
        peer = await Peer.connect(server, gathering.room_id)
        viewers.append((peer, await peer.join(seat.key, seat.name, protocol=2)))
    await seeking
    for peer, room in viewers:
        await peer.expect("seek", position=149)
        seqs = [frame["seq"] for frame in map(json.loads, peer.frames) if "seq" in frame]
        after = [seq for seq in seqs if seq > room["seq"]]
        assert after == list(range(room["seq"] + 1, room["seq"] + 1 + len(after)))
        assert seqs == after
        await peer.close()


async def _seek(gathering: Party, times: int) -> None:
    for position in range(times):
        await gathering.alice.send("seek", position=position)
        if position % 10 == 9:
            await gathering.bob.expect("seek", position=position)


async def test_sigterm_tells_everybody_when_to_come_back_and_keeps_them_in_the_room(
    start_server: StartServer, party: GiveParty
) -> None:
    server = start_server()
    gathering = await party(server)
    started = time.monotonic()
    stopping = asyncio.create_task(in_thread(server.stop)())
    for peer in (gathering.alice, gathering.bob):
        error = await peer.expect_error("unavailable")
        assert error["data"]["retryable"] is True
        assert 0 < error["data"]["retryAfter"] < 10
        assert await peer.closed() == Close.RESTARTING
    await stopping
    assert time.monotonic() - started < 10
    now = time.time() * 1000
    rows, online, log = await in_thread(_and_close(lambda: _left_behind(gathering.room_id)))()
    assert len(rows) == 2
    assert all(limits.GRACE - 15_000 < until_ - now <= limits.GRACE for until_ in rows)
    assert online == [True, True]
    assert "user_offline" not in log


def _left_behind(room_id: str) -> tuple[list[int], list[bool], list[str]]:
    sessions = RoomSession.objects.filter(room_id=room_id)
    log = Message.objects.filter(room_id=room_id).values_list("message_type", flat=True)
    users = User.objects.filter(room_id=room_id).values_list("is_online", flat=True)
    return list(sessions.values_list("lease_until", flat=True)), list(users), list(log)


def _deaf_viewer(server: ServerProcess, room_id: str, key: str) -> socket.socket:
    """A raw client that joins and then reads nothing at all."""
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect((server.host, server.port))
    deaf.sendall(
        f"GET /ws/room/{room_id}/ HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    deaf.settimeout(10)
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        read = deaf.recv(1)
        assert read, answer
        answer += read
    return deaf


def _frame(payload: dict) -> bytes:
    text = json.dumps(payload).encode()
    length = (
        bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
    )
    return b"\x81" + length + b"\0\0\0\0" + text


async def test_a_stuck_reader_is_cut_off_within_seconds_and_delays_nobody(
    server: ServerProcess, party: GiveParty
) -> None:
    gathering = await party(server)
    seat = join_room(server, gathering.room_id, "Charlie")
    with await in_thread(_deaf_viewer)(server, gathering.room_id, seat.key) as deaf:
        deaf.sendall(_frame({"type": "join", "userId": seat.key}))
        await gathering.bob.expect("user_joined", id=seat.public_id, is_online=True)
        started, slowest = time.monotonic(), 0.0
        while not gathering.bob.seen("user_offline"):
            assert time.monotonic() - started < CUT_WITHIN, "it is still there"
            slowest = max(slowest, await _send_much(gathering))
    assert slowest < 2, "nobody waits for a slow socket"
    [offline] = gathering.bob.seen("user_offline")
    assert offline["data"]["id"] == seat.public_id


async def _send_much(gathering: Party) -> float:
    """How long it took until it had arrived."""
    started, long_path = time.monotonic(), "x" * 1_900
    for number in range(12):
        await gathering.alice.send("video_changed", videoUrl=f"https://x.org/{number}{long_path}")
    await gathering.bob.expect("video_changed", videoUrl=f"https://x.org/11{long_path}")
    return time.monotonic() - started


@pytest.mark.servers
async def test_receive_does_not_wait_for_a_commit_and_sixteen_may_be_in_flight(
    server: ServerProcess, party: GiveParty
) -> None:
    gathering = await party(server)
    alice = gathering.alice
    lock = _Lock(gathering.room_id)
    await in_thread(lock.take)()
    started = time.monotonic()
    try:
        for position in range(limits.COMMANDS_IN_FLIGHT):
            await alice.send("seek", position=position)
        await alice.nothing_until("heartbeat")
        assert time.monotonic() - started < 1.5, "the heartbeat waited for the lock"
        await alice.send("seek", position=99)
        await alice.expect_error("slow_down")
    finally:
        await in_thread(lock.give_back)()
    await gathering.bob.expect("seek", position=limits.COMMANDS_IN_FLIGHT - 1)
    seen = [frame["data"]["position"] for frame in gathering.bob.seen("seek")]
    assert seen == list(range(limits.COMMANDS_IN_FLIGHT))


class _Lock:
    """A room's row, locked by somebody else: by a connection of its own."""

    def __init__(self, room_id: str) -> None:
        self._room_id = UUID(room_id)
        self._connection = connection.copy(alias="default")
        self._connection.inc_thread_sharing()

    def take(self) -> None:
        self._connection.set_autocommit(False)
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM rooms_room WHERE id = %s FOR UPDATE", [self._room_id])

    def give_back(self) -> None:
        self._connection.rollback()
        self._connection.set_autocommit(True)
        self._connection.close()


async def test_a_room_deleted_behind_the_servers_back_closes_its_sockets(
    server: ServerProcess, party: GiveParty
) -> None:
    """As a command line does in a process of its own: the beacon finds out."""
    gathering = await party(server)
    await in_thread(_and_close(lambda: _delete(gathering.room_id)))()
    for peer in (gathering.alice, gathering.bob):
        await peer.expect_error("room_not_found")
        assert await peer.closed() == Close.ROOM_CLOSED


def _delete(room_id: str) -> None:
    with transaction.atomic():
        Room.objects.select_for_update().get(id=room_id).delete()


async def test_an_event_that_another_process_wrote_is_brought_by_the_beacon(
    server: ServerProcess, party: GiveParty
) -> None:
    gathering = await party(server)
    seq = await in_thread(_and_close(lambda: _write_an_event(gathering.room_id)))()
    for peer in (gathering.alice, gathering.bob):
        assert (await peer.expect("seek", position=77))["seq"] == seq


def _write_an_event(room_id: str) -> int:
    """What a process without a channel layer does: the log, and no news."""
    with transaction.atomic():
        room = Room.objects.select_for_update().get(id=room_id)
        room.seq += 1
        room.stamp = new_stamp()
        room.save()
        data = {"position": 77, "at": room.active_at, "isPlaying": False, "rate": 1}
        Message.objects.create(
            room=room, seq=room.seq, message_type="seek", data=data, timestamp=room.created_at
        )
    return room.seq
