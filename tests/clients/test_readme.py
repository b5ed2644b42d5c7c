"""The examples of the client's README work as they stand there."""

import asyncio
import re
from pathlib import Path

import pytest
import syncplay_client
from syncplay_client import Seat

from tests.clients.stage import SocketServer, until
from tests.simulation.server import ALICES_KEY, ROOM

README = Path(syncplay_client.__file__).parents[1] / "README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
async def test_an_example_works(example, monkeypatch):
    async def found(*_, **__):
        return Seat(str(ROOM), "Alice", ALICES_KEY, "", is_host=True)

    monkeypatch.setattr(syncplay_client, "create_room", found)
    async with SocketServer.running() as stage:
        source = example.replace("http://localhost:8000", stage.url.partition("/room/")[0])
        running = asyncio.create_task(asyncio.to_thread(exec, source, {"__name__": "__main__"}))
        if "async for" in source:
            await until(lambda: bool(stage.server.visits))
            async with syncplay_client.connect(stage.url, None, "Bob") as bob:
                await bob.play()
                await bob.pause()
                await running
        await running
