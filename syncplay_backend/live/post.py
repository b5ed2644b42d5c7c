"""The news between processes, over the channel layer: one message a batch, not a room or a socket.

All processes are in one group, and each keeps what is of rooms that it has members in: to read what
is of other rooms costs a hundredth of what a message costs. The layer carries news and nothing
else. What it loses the log has: so no failure here fails a command or a join, it only costs the
others a delay.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec
from channels.layers import InMemoryChannelLayer, get_channel_layer

from syncplay_backend.live.feed import News
from syncplay_backend.live.telemetry import Reading

logger = logging.getLogger(__name__)

MOST_WAITING = 10_000
MOST_TOGETHER = 100  # bundles in one message
RETRY = 1.0  # seconds
EVERYBODY = "syncplay.everybody"  # the group that all processes are in


class Bundle(msgspec.Struct, frozen=True, array_like=True):
    """What one process tells the others, of whatever rooms."""

    sender: str
    news: list[News] = []
    crowded_out: list[UUID] = []  # connections
    readings: dict[UUID, list[Reading]] = {}  # by room
    typing: list[tuple[UUID, UUID, bool]] = []  # room, member, and whether it does
    echo: str = ""  # a process asking itself whether the layer works


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Bundle)


class Post:
    """This process's channel on the layer."""

    def __init__(self, deliver: Callable[[Bundle], None]) -> None:
        self.channel = f"syncplay.{uuid4().hex}"
        self._deliver = deliver
        self._layer: Any = get_channel_layer()
        self.is_following = False
        # The layer in memory ends where the process ends: there is nobody to tell.
        self.reaches_others = not isinstance(self._layer, InMemoryChannelLayer)
        self._outgoing: deque[Bundle] = deque(maxlen=MOST_WAITING)
        self._has_outgoing = asyncio.Event()
        self._is_receiving = asyncio.Event()
        self._echoes: dict[str, asyncio.Future[None]] = {}

    async def receive(self) -> None:
        """Take what comes, for ever."""
        while True:
            try:
                self._is_receiving.set()
                message = await self._layer.receive(self.channel)
                if self._echoes or message["sender"] != self.channel:
                    self._open(_decoder.decode(message["bundle"]))
            except Exception:
                _end_if_cancelled()
                logger.warning("the channel layer failed to receive", exc_info=True)
                await asyncio.sleep(RETRY)

    def _open(self, bundle: Bundle) -> None:
        if bundle.sender != self.channel:
            self._deliver(bundle)
        elif (echo := self._echoes.pop(bundle.echo, None)) and not echo.done():
            echo.set_result(None)

    async def send(self) -> None:
        """Publish what is given to `publish`, for ever."""
        while True:
            await self._has_outgoing.wait()
            self._has_outgoing.clear()
            while self._outgoing:
                await self._quietly("publish", self._group_send(EVERYBODY, self._take()))

    def _take(self) -> Bundle:
        """What waits: while one message is on its way, the next one gathers."""
        count = min(len(self._outgoing), MOST_TOGETHER)
        return _together([self._outgoing.popleft() for _ in range(count)])

    def publish(self, bundle: Bundle) -> None:
        """Have it sent to the other processes, if there are any and when its turn comes."""
        if self.reaches_others:
            self._outgoing.append(bundle)
            self._has_outgoing.set()

    async def make_sure_to_hear(self) -> None:
        """Whoever reads a room hears of what happens next. Where that fails now, the beacon sees
        to it, and to what was missed."""
        if self.reaches_others and not self.is_following:
            await self.follow()

    async def follow(self) -> None:
        """Hear the others. Done once more with every beacon, in case the layer forgot."""
        await self._quietly("subscribe", self._follow())

    async def _follow(self) -> None:
        await self._add_to(EVERYBODY)
        self.is_following = True

    async def _add_to(self, group: str) -> None:
        await self._is_receiving.wait()  # the layer knows only channels that somebody listens to
        await self._layer.group_add(group, self.channel)

    async def echo(self) -> None:
        """Send oneself a message and wait for it. Raises whatever is wrong with the layer."""
        group, token = f"echo.{self.channel}", uuid4().hex
        heard = self._echoes[token] = asyncio.get_running_loop().create_future()
        try:
            await self._add_to(group)
            await self._group_send(group, Bundle(self.channel, echo=token))
            await heard
        finally:
            self._echoes.pop(token, None)

    async def _group_send(self, group: str, bundle: Bundle) -> None:
        encoded = _encoder.encode(bundle)
        message = {"type": "syncplay.news", "sender": self.channel, "bundle": encoded}
        await self._layer.group_send(group, message)

    async def _quietly(self, verb: str, doing: Any) -> None:
        try:
            async with asyncio.timeout(RETRY * 2):
                await doing
        except Exception as error:
            logger.warning("the channel layer failed to %s: %r", verb, error)
        _end_if_cancelled()

    async def close(self) -> None:
        await self._quietly("publish", self._send_the_rest())

    async def _send_the_rest(self) -> None:
        while self._outgoing:
            with contextlib.suppress(Exception):
                await self._group_send(EVERYBODY, self._take())


def _together(bundles: Sequence[Bundle]) -> Bundle:
    """One bundle of several, each thing in the order in which it was told."""
    if len(bundles) == 1:
        return bundles[0]
    readings: dict[UUID, list[Reading]] = defaultdict(list)
    for bundle in bundles:
        for room_id, told in bundle.readings.items():
            readings[room_id] += told
    return Bundle(
        bundles[0].sender,
        news=[news for bundle in bundles for news in bundle.news],
        crowded_out=[id for bundle in bundles for id in bundle.crowded_out],
        readings=readings,
        typing=[typing for bundle in bundles for typing in bundle.typing],
    )


def _end_if_cancelled() -> None:
    """A client library may swallow a cancellation, or tell of it as of a failed connection."""
    if (task := asyncio.current_task()) and task.cancelling():
        raise asyncio.CancelledError
