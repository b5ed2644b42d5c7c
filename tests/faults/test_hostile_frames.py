"""Ten thousand frames that nobody should send, while the others in the room watch on."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from syncplay_backend.domain import wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Refused
from tests.conftest import StartServer
from tests.faults.audit import audit
from tests.faults.crowd import Crowd
from tests.faults.malice import Malice, as_bytes
from tests.faults.signs import MIB, nothing_unhandled, resident
from tests.peer import ABNORMAL, Peer
from tests.process import ServerProcess

CHARLIES = 8
FRAMES_EACH, MANY_EACH = 1_250, 12_500
AT_ONCE = 10
MEMORY = 64 * MIB


class Charlie:
    """Sends what it likes; shut out, or gone by its own word, it comes again under another key."""

    def __init__(self, server: ServerProcess, room_id: str, seed: int) -> None:
        self._server = server
        self._room_id = room_id
        self._malice = Malice(seed)
        self.heard = 0  # how many of its frames were read, for certain
        self.codes: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()

    async def rage(self, frames: int) -> None:
        while self.heard < frames:
            peer = await Peer.connect(self._server, self._room_id)
            peer.key = str(uuid4())
            try:
                await peer.join(peer.key, f"Charlie {peer.key}", protocol=2)
                await self._insult(peer, frames)
            except ConnectionClosed as closed:
                self.codes[closed.rcvd.code if closed.rcvd else ABNORMAL] += 1
            await peer.close()

    async def _insult(self, peer: Peer, frames: int) -> None:
        while self.heard < frames:
            for _ in range(AT_ONCE):
                await peer.connection.send(as_bytes(self._malice.frame()), text=True)
            peer.key = None  # what is said without it is understood all the same
            mark = self.heard + 0.5
            await peer.send("time", t0=mark)
            while (frame := await peer.read())["data"].get("t0") != mark:
                if frame["type"] == "error":
                    self.errors[frame["data"]["code"]] += 1
            self.heard += AT_ONCE


@pytest.mark.timeout(600)
async def test_nobody_is_the_worse_for_them(start_server: StartServer, is_long: bool) -> None:
    each = MANY_EACH if is_long else FRAMES_EACH
    server, seed = start_server(), random.randrange(2**32)
    async with Crowd.gather([server], rooms=1) as crowd:
        charlies = [Charlie(server, crowd.room_ids[0], seed + n) for n in range(CHARLIES)]
        before = resident(server)
        crowd.be_busy(per_second=20)
        await asyncio.gather(*(charlie.rage(each) for charlie in charlies))
        assert resident(server) - before < MEMORY
        await audit(crowd)
        assert all(len(member.visits) == 1 for member in crowd.members)
    nothing_unhandled(server)
    errors = sum((charlie.errors for charlie in charlies), Counter())
    assert errors["invalid"] > CHARLIES * each / 10
    assert "server_error" not in errors, f"seed {seed}: {errors}"
    codes = sum((charlie.codes for charlie in charlies), Counter())
    assert codes.keys() <= {Close.LEFT, Close.BAD_FRAME}, f"seed {seed}: {codes}"


def test_the_malice_is_what_it_says() -> None:
    malice = Malice(seed=1)
    right = [json.loads(malice.right_frame()) for _ in range(500)]
    assert {frame["type"] for frame in right} == set(wire.INCOMING)
    for frame in right:
        wire.decode(wire.open_envelope(json.dumps(frame)))
    wrong = Counter(is_refused(malice.frame()) for _ in range(500))
    assert min(wrong[True], wrong[False]) > 50


def is_refused(frame: str | bytes) -> bool:
    try:
        wire.decode(wire.open_envelope(as_bytes(frame)))
    except Refused:
        return True
    return False
