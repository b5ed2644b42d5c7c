import pytest


@pytest.fixture(autouse=True)
def _database() -> None:
    """Time and network are simulated, and there is no database."""
