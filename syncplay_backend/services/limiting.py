"""How often somebody may ask, for the doors."""

from syncplay_backend.domain.limits import ASK, TELL, Allowance, TokenBucket
from syncplay_backend.live.clock import clock
from syncplay_backend.live.limiter import limiter, too_fast
from syncplay_backend.services.addresses import neighbourhood


def ask(address: str) -> None:
    """Raises `Refused` (`slow_down`) when too much is asked from there."""
    limiter.take(ASK, neighbourhood(address))


def tell(address: str) -> None:
    """Raises `Refused` (`slow_down`) when too many commands come from there."""
    limiter.take(TELL, neighbourhood(address))


class SocketLimit:
    """The bucket of one socket, gone with it."""

    def __init__(self, allowance: Allowance) -> None:
        self._bucket = TokenBucket(allowance, clock.now())

    def take(self) -> None:
        """Raises `Refused` (`slow_down`)."""
        if limiter.enabled and (wait := self._bucket.take(clock.now())):
            raise too_fast(wait)
