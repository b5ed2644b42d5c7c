"""How long it takes from one server process to another."""

from __future__ import annotations

import asyncio
import statistics

from syncplay_client.frames import Frame
from syncplay_client.link import local_time

from tests.faults.member import Member

PATIENCE = 30.0


async def median_crossing(speaker: Member, listener: Member, times: int = 15) -> float:
    """Milliseconds from a command of one to its event at the other, one after another."""
    return statistics.median([await crossing(speaker, listener) for _ in range(times)])


async def crossing(speaker: Member, listener: Member) -> float:
    heard = asyncio.Event()
    began = local_time()
    id = speaker.say("seek", position=len(speaker.said))

    def listen(frame: Frame) -> None:
        if frame.data.get("ref") == id:
            heard.set()

    listener.on_frame = listen
    async with asyncio.timeout(PATIENCE):
        await heard.wait()
    return local_time() - began
