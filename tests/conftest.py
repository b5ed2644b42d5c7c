"""The stage: one database for the whole run, shared with the live servers.

A server starts when a test first wants it. Nothing is rolled back: every test makes rooms of its
own, and rooms keep apart. So no test is marked `django_db`.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connections
from pytest_django.plugin import DjangoDbBlocker

from tests.peer import Peer, Seat, create_room, join_room
from tests.postgres import Postgres
from tests.process import Kind, ServerProcess
from tests.servers import LEG, Leg
from tests.valkey import Valkey

WITHOUT_DATABASE = Path(__file__).parent / "domain"


@pytest.fixture(scope="session")
def leg(pytestconfig: pytest.Config) -> Leg:
    return pytestconfig.stash[LEG]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of pytest-django's: the tables are made where live servers look for them, too."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0, interactive=False)
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()
            if close_pool := getattr(connection, "close_pool", None):
                close_pool()


@pytest.fixture(autouse=True)
def _database(request: pytest.FixtureRequest) -> None:
    """Every test may use the ORM, but those of the domain, which know no Django."""
    if WITHOUT_DATABASE not in request.path.parents:
        request.getfixturevalue("django_db_setup")
        close_old_connections()


@pytest.fixture(scope="session")
def postgres(leg: Leg) -> Postgres:
    """The PostgreSQL of this run, to make databases in or to stop and start."""
    if leg.postgres is None:
        pytest.skip("the PostgreSQL of TEST_DATABASE_URL is not ours to handle")
    return leg.postgres


@pytest.fixture(scope="session")
def valkey(leg: Leg) -> Valkey:
    if leg.valkey is None:
        pytest.skip("the Valkey of TEST_REDIS_URL is not ours to handle")
    return leg.valkey


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[ServerProcess]:
    """The production server: `manage.py serve`."""
    with ServerProcess("uvicorn") as process:
        yield process


@pytest.fixture(scope="session")
def daphne_server(django_db_setup: None) -> Iterator[ServerProcess]:
    with ServerProcess("daphne") as process:
        yield process


@pytest.fixture(scope="session")
def runserver(django_db_setup: None) -> Iterator[ServerProcess]:
    with ServerProcess("runserver") as process:
        yield process


@pytest.fixture(params=["server", "daphne_server", "runserver"])
def any_server(request: pytest.FixtureRequest) -> ServerProcess:
    """Each of the three in turn: what is promised holds under all of them."""
    process: ServerProcess = request.getfixturevalue(request.param)
    return process


@pytest.fixture(scope="session")
def two_servers(django_db_setup: None) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """Two processes with one database and one channel layer between them."""
    with ServerProcess("uvicorn") as first, ServerProcess("uvicorn") as second:
        yield first, second


class StartServer(Protocol):
    def __call__(
        self,
        kind: Kind = "uvicorn",
        env: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> ServerProcess: ...


@pytest.fixture
def start_server(django_db_setup: None) -> Iterator[StartServer]:
    """Servers of this test's own, to be killed, misconfigured or flooded; stopped at its end."""
    with contextlib.ExitStack() as stage:

        def start(
            kind: Kind = "uvicorn",
            env: Mapping[str, str] | None = None,
            arguments: Sequence[str] = (),
        ) -> ServerProcess:
            return stage.enter_context(ServerProcess(kind, env=env, arguments=arguments))

        yield start


@dataclass
class Party:
    """A room in which Alice is the host and Bob watches, both connected."""

    server: ServerProcess
    room_id: str
    alice: Peer
    bob: Peer


Connect: TypeAlias = Callable[[ServerProcess, Seat], Awaitable[Peer]]
GiveParty: TypeAlias = Callable[[ServerProcess], Awaitable[Party]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Seats a member at a socket of a server: connected, joined, closed at the end of the test."""
    peers: list[Peer] = []

    async def sit_down(server: ServerProcess, seat: Seat) -> Peer:
        peer = await Peer.connect(server, seat.room_id)
        peers.append(peer)
        await peer.take(seat)
        return peer

    yield sit_down
    for peer in peers:
        await peer.close()


@pytest.fixture
async def party(connect: Connect) -> GiveParty:
    async def give_party(server: ServerProcess) -> Party:
        hosting = create_room(server, user_name="Alice")
        watching = join_room(server, hosting.room_id, "Bob")
        alice = await connect(server, hosting)
        bob = await connect(server, watching)
        await alice.expect("user_joined", id=watching.public_id, is_online=True)
        return Party(server, hosting.room_id, alice, bob)

    return give_party
