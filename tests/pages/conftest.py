"""A server as it is in production: there files are compressed, and kept for ever by browsers."""

from collections.abc import Iterator

import pytest

from tests.process import ServerProcess


@pytest.fixture(scope="package")
def production(django_db_setup: None) -> Iterator[ServerProcess]:
    with ServerProcess("uvicorn", env={"DEBUG": "False"}) as process:
        yield process
