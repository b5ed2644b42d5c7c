from random import Random

import pytest
from syncplay_client.session import Session

from tests.clients.words import SNAPSHOT, frame

BOBS_KEY = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"


@pytest.fixture(autouse=True)
def _database() -> None:
    """The client has no database; a real server, where one is wanted, sees to its own."""


@pytest.fixture
def session():
    return Session("Bob", BOBS_KEY, dice=Random(1))


@pytest.fixture
def joined(session):
    session.opened()
    session.received(frame("room_update", **SNAPSHOT), 0)
    session.outgoing()
    return session
