"""The Chromium of the machine, driven by Playwright."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator

from playwright.async_api import Browser, async_playwright

from tests.process import UnavailableError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # root may not have one
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
)


def find_chromium() -> str:
    """Raises `UnavailableError`."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise UnavailableError("there is no Chromium on this machine (Debian: apt install chromium)")


@contextlib.asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    executable = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=[*FLAGS, *flags]
        )
        try:
            yield browser
        finally:
            await browser.close()
