"""Browsers, films and a server as it is in production.

Everything runs in one event loop, so that browsers outlive a test; each person has a context of
their own, which is a browser that has never been here.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.cast import PATIENCE, Person
from tests.chromium import chromium, find_chromium
from tests.films import FilmHost, make_films
from tests.missing import do_without
from tests.process import ServerProcess, UnavailableError
from tests.proxy import Proxy

# On PostgreSQL all that differs is what is below the road: what the network does is enough there.
HERE = Path(__file__).parent
ONCE = [path.name for path in HERE.glob("test_*.py") if path.name != "test_network.py"]
collect_ignore = ONCE if os.environ["DB_NAME"] else []


@pytest.fixture(scope="session")
def film_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    try:
        make_films(folder)
    except UnavailableError as why:
        do_without(why)
    return folder


@pytest.fixture
def films(film_folder: Path) -> Iterator[FilmHost]:
    with FilmHost.of(film_folder) as host:
        yield host


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[ServerProcess]:
    with ServerProcess("uvicorn", env={"DEBUG": "False"}) as process:
        yield process


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    try:
        find_chromium()
    except UnavailableError as why:
        do_without(why)
    async with chromium() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def line(site: ServerProcess) -> AsyncIterator[Proxy]:
    """A way to the site that can be cut."""
    async with Proxy.before(site.port) as proxy:
        yield proxy


class Meet(Protocol):
    async def __call__(
        self,
        name: str,
        *,
        at: ServerProcess | None = None,
        via: Browser | None = None,
        **context: Any,
    ) -> Person: ...


@pytest_asyncio.fixture(loop_scope="session")
async def meet(browser: Browser, site: ServerProcess, films: FilmHost) -> AsyncIterator[Meet]:
    """Somebody who comes with a browser that has never been here."""
    people: list[Person] = []

    async def come(
        name: str,
        *,
        at: ServerProcess | None = None,
        via: Browser | None = None,
        **context: Any,
    ) -> Person:
        hosts = {urlsplit(url).netloc for url in ((at or site).url, films.url())}
        own = await (via or browser).new_context(**{"locale": "en-GB", **context})
        own.set_default_timeout(PATIENCE * 1000)
        page = await own.new_page()
        person = Person(name, own, page, hosts)
        person.watch(page)
        people.append(person)
        return person

    yield come
    for person in people:
        await person.context.close()
    assert {person.name: person.troubles for person in people if person.troubles} == {}
