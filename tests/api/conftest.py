"""The REST door's own stage: somebody who asks, and rooms to ask about."""

from __future__ import annotations

import pytest

from tests.peer import Rest, Seat, create_room
from tests.process import ServerProcess


@pytest.fixture
def rest(server: ServerProcess) -> Rest:
    return Rest(server)


@pytest.fixture
def alice(server: ServerProcess) -> Seat:
    """The host of a room of her own."""
    return create_room(server, user_name="Alice")
