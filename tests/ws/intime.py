"""An evening among clients that know the clock (protocol 2). Alice is the host, Bob watches."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.peer import PATIENCE, Frame, Peer, Seat, create_room, join_room
from tests.process import ServerProcess
from tests.ws.cast import fresh_key
from tests.ws.conftest import Knock

CONTRACT, PRECISE = 1, 2
VIDEO = {"videoUrl": "https://example.com/video.mp4", "videoTitle": "Video Title"}


class Attentive(Peer):
    """Forgets nothing that came while it waited for something else."""

    def put_back(self, text: str) -> None:
        self.__dict__.setdefault("_put_back", []).append(text)

    async def read(self) -> Frame:
        if waiting := self.__dict__.get("_put_back"):
            self.frames.append(waiting.pop(0))
            frame: Frame = json.loads(self.frames[-1])
            return frame
        return await super().read()


@dataclass
class Evening:
    server: ServerProcess
    room_id: str
    room: Frame  # as Bob found it
    alice: Peer
    bob: Peer
    knock: Knock

    async def join(self, name: str, protocol: int = PRECISE, **data: object) -> Peer:
        """Somebody more, under a key of its own."""
        return await come_in(self.knock, self.server, self.room_id, name, protocol, **data)

    async def is_playing(self) -> Frame:
        """Both players are ready, and Alice has played. Answers with the play."""
        for peer in (self.alice, self.bob):
            await say(peer, "ready")
        await self.alice.send("play", position=100)
        play = await self.bob.expect("play")
        await self.alice.expect("play")
        return play

    async def is_waiting_for_bob(self) -> Frame:
        await self.is_playing()
        await say(self.bob, "buffering")
        await self.bob.expect("waiting")
        return await self.alice.expect("waiting")


async def evening(knock: Knock, server: ServerProcess, **options: object) -> Evening:
    hosting = create_room(server, user_name="Alice", **options)
    watching = join_room(server, hosting.room_id, "Bob")
    alice, _ = await seat(knock, server, hosting)
    bob, room = await seat(knock, server, watching)
    await alice.expect("user_joined", id=watching.public_id, is_online=True)
    return Evening(server, hosting.room_id, room, alice, bob, knock)


async def seat(knock: Knock, server: ServerProcess, taken: Seat) -> tuple[Peer, Frame]:
    peer = Attentive((await knock(server, taken.room_id)).connection)
    peer.seat = taken
    return peer, await peer.join(taken.key, taken.name, protocol=PRECISE)


async def come_in(
    knock: Knock, server: ServerProcess, room_id: str, name: str, protocol: int, **data: object
) -> Peer:
    peer = Attentive((await knock(server, room_id)).connection)
    await peer.join(fresh_key(), name, protocol=protocol, **data)
    return peer


async def come_back(evening: Evening, who: Peer, last_seq: int, epoch: str | None = None) -> Peer:
    """Connect anew, having seen the room's events up to `last_seq`; nothing is read yet."""
    peer = await evening.knock(evening.server, evening.room_id)
    peer.key, peer.seat = who.key, who.seat
    known = {"protocol": PRECISE, "lastSeq": last_seq, "epoch": epoch or evening.room["epoch"]}
    await peer.send("join", **known)
    return peer


async def say(peer: Peer, state: str, **more: object) -> None:
    """Tell how the player is, and be sure that the server has heard it."""
    await peer.send("status", state=state, **more)
    await heard(peer)


async def heard(peer: Peer) -> Frame:
    """All that was sent before this has been taken up by the server. What comes in the meantime
    is still to be read."""
    await peer.send("time", t0=0)
    if not isinstance(peer, Attentive):
        return await peer.expect("time")
    async with asyncio.timeout(PATIENCE):
        while True:
            text = str(await peer.connection.recv())
            frame: Frame = json.loads(text)
            if frame["type"] == "time":
                return frame
            peer.put_back(text)


async def done(peer: Peer, kind: str, /, **data: Any) -> int:
    """Give a command and wait until it is done; its seq."""
    ref = fresh_key()
    await peer.send(kind, command_id=ref, **data)
    return int((await peer.expect("ack", ref=ref))["data"]["seq"])


def here() -> float:
    """This machine's clock, in milliseconds: the servers of the tests have no other."""
    return time.time() * 1000
