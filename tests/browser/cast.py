"""Somebody at a browser: what they do there, and what they see, by its words."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.process import ROOT

PATIENCE = 15.0  # seconds: two cores, and several browsers on them
LOOK_EVERY = 0.05
WORDS: dict[str, str] = json.loads((ROOT / "web" / "texts" / "en.json").read_text())
# What Chromium itself writes to the console when a server is not there.
OF_THE_NETWORK = ("Failed to load resource", "WebSocket connection to")

expect.set_options(timeout=PATIENCE * 1000)


def say(key: str, **values: object) -> str:
    return WORDS[key].format(**values)


async def until(condition: Callable[[], Awaitable[Any]], what: str) -> None:
    """Look until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not await condition():
        assert time.monotonic() < deadline, f"it did not come to pass within {PATIENCE} s: {what}"
        await asyncio.sleep(LOOK_EVERY)


@dataclass
class Person:
    name: str
    context: BrowserContext
    page: Page
    hosts: set[str]  # that the page may ask for something
    troubles: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Whatever goes wrong in the page is trouble: a test that expects it takes it out."""
        page.on("pageerror", lambda error: self.troubles.append(f"thrown: {error}"))
        page.on("console", self._heard)
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OF_THE_NETWORK):
            self.troubles.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        scheme, _, rest = request.url.partition("://")
        if scheme not in {"data", "blob"} and rest.partition("/")[0] not in self.hosts:
            self.troubles.append(f"asked somebody else: {request.url}")

    # --- what they do ---------------------------------------------------------------------

    async def open_room(self, site: str, video: str = "", room: str = "Movie Night") -> str:
        """Through the first page; the link of the room."""
        await self.page.goto(f"{site}/")
        await self.page.get_by_label(say("front_your_name")).fill(self.name)
        await self.page.get_by_label(say("front_room_name"), exact=True).fill(room)
        await self.page.get_by_label(say("front_video")).fill(video)
        await self.button("front_go").click()
        await self.page.wait_for_url("**/room/*")
        await self.is_in()
        return self.page.url

    async def join(self, link: str) -> None:
        await self.page.goto(link)
        await self.page.get_by_label(say("join_name")).fill(self.name)
        await self.button("join_go").click()
        await self.is_in()

    async def say_in_chat(self, text: str) -> None:
        await self.page.get_by_label(say("chat_say")).fill(text)
        await self.page.keyboard.press("Enter")

    async def seek_to(self, seconds: float) -> None:
        """As somebody who drags the bar and lets go there."""
        bar = self.page.get_by_label(say("seek"), exact=True)
        box = await bar.bounding_box()
        assert box
        x = box["width"] * seconds / float(await bar.get_attribute("max") or 1)
        await bar.click(position={"x": x, "y": box["height"] / 2})

    # --- what they see --------------------------------------------------------------------

    def button(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=say(key, **values), exact=True)

    def radio(self, key: str) -> Locator:
        return self.page.get_by_role("radio", name=say(key), exact=True)

    async def is_in(self) -> None:
        await expect(self.page.locator("#room")).to_be_visible()
        await expect(self.people().filter(has_text=self.name)).to_have_count(1)

    def people(self) -> Locator:
        return self.page.locator("#people-list > li")

    def lines(self) -> Locator:
        return self.page.locator("#line-list > li")

    @property
    def video(self) -> Locator:
        return self.page.locator("#picture video")

    async def player(self) -> dict[str, Any]:
        """The element itself, and when it was looked at (ms since 1970, of this machine)."""
        told: dict[str, Any] = await self.video.evaluate(
            """(video) => ({
                at: performance.timeOrigin + performance.now(),
                position: video.currentTime, paused: video.paused, muted: video.muted,
                rate: video.playbackRate, ready: video.readyState, source: video.currentSrc,
            })"""
        )
        return told

    async def has_video(self) -> None:
        await expect(self.video).to_have_count(1)
        await until(self._is_loaded, f"{self.name} has the video")

    async def _is_loaded(self) -> bool:
        return int((await self.player())["ready"]) >= 2

    async def sees_it_play(self) -> None:
        before = await self.player()

        async def has_moved() -> bool:
            now = await self.player()
            return not now["paused"] and now["position"] > before["position"] + 0.2

        await until(has_moved, f"{self.name} sees the video play")

    async def sees_it_stand(self, near: float | None = None, within: float = 0.1) -> None:
        async def stands() -> bool:
            now = await self.player()
            return now["paused"] and (near is None or abs(now["position"] - near) <= within)

        await until(stands, f"{self.name} sees the video stand at {near}")


async def apart(*people: Person) -> float:
    """How far the furthest is from the last (ms), all as if they were looked at at once."""
    looks = await asyncio.gather(*(person.player() for person in people))
    latest = max(look["at"] for look in looks)
    there = [
        look["position"] * 1000 + (0 if look["paused"] else (latest - look["at"]) * look["rate"])
        for look in looks
    ]
    return float(max(there) - min(there))


async def are_together(*people: Person, within: float = 60.0) -> None:
    async def close() -> bool:
        return await apart(*people) <= within

    await until(close, f"{', '.join(one.name for one in people)} see the same picture")
