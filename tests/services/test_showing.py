"""Times as people are shown them."""

import pytest

from syncplay_backend.services import showing


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (9.999, "0:09"), (245.25, "4:05"), (3599, "59:59"), (3725.5, "1:02:05")],
)
def test_a_position_is_written_as_players_do(seconds: float, shown: str) -> None:
    assert showing.as_position(seconds) == shown


def test_an_instant_has_its_time_zone() -> None:
    assert showing.as_instant(1_500).isoformat() == "1970-01-01T00:00:01.500000+00:00"
