"""Being in a room: what one knows of it, and what one may do.

    async with connect("http://localhost:8000", room_id, "Bob") as room:
        await room.play()
        async for event in room:
            print(event.type, event.data)

A connection that is lost is made again, after ever longer and uneven waits, for as long as it
takes; the session resumes where it was, and what had no answer is said again.
"""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self
from uuid import uuid4
from weakref import WeakSet

from syncplay_client import addresses
from syncplay_client.drift import Controller
from syncplay_client.events import Events
from syncplay_client.follower import Follower, Reporter
from syncplay_client.frames import Frame
from syncplay_client.happenings import Answered, Ended, Happened, Happening, Joined, Refused
from syncplay_client.link import Link, local_time, wait_for
from syncplay_client.player import Player
from syncplay_client.room import Room
from syncplay_client.session import Session

PATIENCE = 30.0  # s: how long a command, and the first join, may take

logger = logging.getLogger(__name__)


def connect(
    url: str, room: str | None, name: str, *, key: str | None = None, password: str | None = None
) -> "RoomConnection":
    """Be in a room for as long as the `async with` lasts.

    `url` is that of the server, or of the room (then `room` may be None). Without the `key` that
    REST has answered one is made up: a member who comes to the room by its `name` alone.
    """
    address = addresses.parse(url)
    session = Session(name, key or str(uuid4()), password=password)
    return RoomConnection(address.websocket_url(room), session, direct=address.is_loopback)


class RoomConnection:
    """A member of a room. `direct`: past any proxy that the environment names."""

    def __init__(self, url: str, session: Session, *, direct: bool = False) -> None:
        self.session = session
        self._link = Link(url, session, self._hear, direct=direct)
        self._answers: dict[str, asyncio.Future[int]] = {}
        self._feeds: WeakSet[Events] = WeakSet()
        self._reporters: list[Reporter] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._has_joined = asyncio.Event()
        self._moved = asyncio.Event()
        self._ended: Ended | None = None

    async def __aenter__(self) -> Self:
        self._start(self._stay_connected())
        try:
            async with asyncio.timeout(PATIENCE):
                await self._has_joined.wait()
            if self._ended:
                raise self._ended
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Go offline; the place is kept for a while. `leave` gives it up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._end(Ended("closed"))

    # What is known

    @property
    def room(self) -> Room:
        """The room as it is now, as far as one knows here."""
        if self.session.room is None:
            raise LookupError("the room has not been seen yet")
        return self.session.room

    @property
    def is_connected(self) -> bool:
        return self.session.is_joined

    @property
    def has_ended(self) -> bool:
        """Whether there is no way back: the room is closed, or does not want us."""
        return self._ended is not None

    @property
    def server_time(self) -> float:
        """The time on the server: milliseconds since 1970, UTC; known soon after the join."""
        if not self.session.clock.is_set:
            raise LookupError("the server's time is not known yet")
        return self.session.clock.server_time(local_time())

    @property
    def position(self) -> float:
        """Where the video is, in seconds."""
        timeline = self.room.timeline
        is_known = self.session.clock.is_set
        return timeline.position_at(self.server_time) if is_known else timeline.position

    def __aiter__(self) -> Events:
        return self.events()

    def events(self) -> Events:
        """Everything that happens from now on."""
        feed = Events()
        self._feeds.add(feed)
        if self._ended:
            feed.end(self._ended)
        return feed

    # What one may do

    async def play(self, position: float | None = None, *, expect: int | None = None) -> int:
        return await self.command("play", position=position, expect=expect)

    async def pause(self, position: float | None = None, *, expect: int | None = None) -> int:
        return await self.command("pause", position=position, expect=expect)

    async def seek(self, position: float, *, expect: int | None = None) -> int:
        return await self.command("seek", position=position, expect=expect)

    async def rate(self, rate: float, *, expect: int | None = None) -> int:
        return await self.command("rate", rate=rate, expect=expect)

    async def change_video(self, url: str, title: str = "", *, expect: int | None = None) -> int:
        return await self.command("video_changed", videoUrl=url, videoTitle=title, expect=expect)

    async def chat(self, text: str) -> int:
        return await self.command("chat", text=text)

    async def react(self, emoji: str) -> int:
        return await self.command("reaction", emoji=emoji)

    def typing(self, typing: bool = True) -> None:
        self._say("typing", {"typing": typing})

    async def settings(self, *, control: str | None = None, wait: str | None = None) -> int:
        return await self.command("settings", control=control, wait=wait)

    async def command(self, kind: str, *, expect: int | None = None, **data: Any) -> int:
        """Do anything that the protocol has a word for; what is None is left out.

        Answers the room's seq when it was done. Raises `Refused`, or `TimeoutError` when nobody
        can tell whether it was done. With `expect` it is done only if nobody has moved the video
        since that seq.
        """
        if self._ended:
            raise self._ended
        told = data | {"expect": None if expect is None else {"seq": expect}}
        id = self.session.command(kind, {k: v for k, v in told.items() if v is not None})
        answer = self._answers[id] = asyncio.get_running_loop().create_future()
        self._link.speak()
        try:
            async with asyncio.timeout(PATIENCE):
                seq: int = await answer
                return seq
        finally:
            self._answers.pop(id, None)
            self.session.forget(id)

    async def leave(self) -> None:
        """Give up the place in the room."""
        self.session.leave()
        self._link.speak()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(self._tasks[0], return_exceptions=True)

    def follow(self, player: Player, controller: Controller | None = None) -> Follower:
        """Keep a player where the room is, from now on, and tell the room how it is doing."""
        follower = Follower(player, controller)
        reporter = Reporter(follower)
        self._reporters.append(reporter)
        self._start(self._keep(follower, reporter))
        return follower

    def _say(self, kind: str, data: dict[str, Any]) -> None:
        self.session.say(kind, data)
        self._link.speak()

    # How it is done

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(self._notice)
        self._tasks.append(task)

    def _notice(self, task: asyncio.Task[None]) -> None:
        """A fault of ours, or of a player, must not look like silence."""
        if not task.cancelled() and (fault := task.exception()):
            logger.error("a task of the room has failed", exc_info=fault)
            self._end(Ended("failed", repr(fault)))

    async def _stay_connected(self) -> None:
        try:
            await self._link.stay()
        except Ended as ended:
            self._end(ended)

    def _hear(self, happenings: list[Happening]) -> None:
        self._moved.set()
        for happening in happenings:
            match happening:
                case Answered():
                    self._settle(happening)
                case Happened(frame):
                    self._pass_on(frame)
                case Joined():
                    self._enter()

    def _enter(self) -> None:
        self._has_joined.set()
        for reporter in self._reporters:
            reporter.start_over()

    def _settle(self, answer: Answered) -> None:
        waiting = self._answers.get(answer.ref)
        if waiting is None or waiting.done():
            return
        if answer.error is None:
            waiting.set_result(answer.seq)
        else:
            waiting.set_exception(Refused(answer.error))

    def _pass_on(self, frame: Frame) -> None:
        for feed in self._feeds:
            feed.put(frame)

    def _end(self, ended: Ended) -> None:
        self._ended = self._ended or ended
        self._has_joined.set()
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(self._ended)
        for feed in self._feeds:
            feed.end(self._ended)

    async def _keep(self, follower: Follower, reporter: Reporter) -> None:
        while True:
            self._moved.clear()
            now = local_time()
            wait = 100.0
            if self.session.clock.is_set:
                server_now = self.session.clock.server_time(now)
                wait = follower.look(self.room.timeline, server_now, now)
                if report := reporter.report(self.room.timeline, server_now, now):
                    self._say("status", report)
            await wait_for(self._moved, now + wait)
