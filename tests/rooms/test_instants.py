"""Between time stamps and milliseconds nothing is lost."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from syncplay_backend.rooms.instants import to_datetime, to_ms

YEAR_3000 = 32_503_680_000_000


def test_an_instant_is_in_utc() -> None:
    assert to_datetime(1_500) == datetime(1970, 1, 1, 0, 0, 1, 500_000, UTC)


@given(st.integers(0, YEAR_3000))
def test_there_and_back_is_the_same(at: int) -> None:
    assert to_ms(to_datetime(at)) == at
