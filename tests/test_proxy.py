"""The bad line delays and breaks off, but it mixes nothing up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.proxy import Delay, Proxy

LETTER = bytes(range(256)) * 8_192  # many chunks, each unlike its neighbours


@contextlib.asynccontextmanager
async def post_office() -> AsyncIterator[int]:
    """Sends the letter to whoever calls, and hangs up; answers its port."""

    async def send(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for start in range(0, len(LETTER), 997):
            writer.write(LETTER[start : start + 997])
            await asyncio.sleep(0)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(send, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_what_is_sent_arrives_in_order_and_whole() -> None:
    async with post_office() as port, Proxy.before(port, Delay(20, 20)) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await reader.readexactly(len(LETTER)) == LETTER
        writer.close()
