"""Limits, as the doors take them."""

from collections.abc import Callable

import pytest

from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import Allowance
from syncplay_backend.live.limiter import limiter
from syncplay_backend.services import limiting
from syncplay_backend.services.limiting import SocketLimit

FEW = Allowance(2, 0.1)


@pytest.fixture
def switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize(("take", "allowance"), [(limiting.ask, "ASK"), (limiting.tell, "TELL")])
def test_an_address_that_asks_too_often_is_slowed_down(
    take: Callable[[str], None], allowance: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, allowance, FEW)
    monkeypatch.setattr(limiter, "_buckets", {})
    for _ in range(2):
        take("192.0.2.1")
    with pytest.raises(Refused) as caught:
        take("192.0.2.1")
    assert caught.value.code is Code.SLOW_DOWN
    take("192.0.2.2")


@pytest.mark.usefixtures("switched_on")
def test_each_socket_has_a_bucket_of_its_own() -> None:
    alice, bob = SocketLimit(FEW), SocketLimit(FEW)
    for _ in range(2):
        alice.take()
    with pytest.raises(Refused) as caught:
        alice.take()
    assert caught.value.retry_after
    bob.take()


def test_switched_off_nobody_is_slowed_down() -> None:
    assert not limiter.enabled, "RATE_LIMITS is off in the tests"
    socket = SocketLimit(FEW)
    for _ in range(10):
        socket.take()
        limiting.ask("192.0.2.1")
