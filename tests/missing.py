"""What a test needs and this machine has not: it is skipped, unless nothing may be."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

from tests.process import UnavailableError


def do_without(why: UnavailableError | str) -> NoReturn:
    if os.environ.get("REQUIRE_ALL"):
        pytest.fail(f"REQUIRE_ALL is set, but {why}")
    pytest.skip(str(why))
