"""Client addresses: compared, never kept."""

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.utils.crypto import salted_hmac


def fingerprint(address: str) -> str:
    """A keyed hash of an address: equal for equal ones, and of no use to anybody else.

    Of an address that is not known (behind a UNIX socket) there is none: it equals no other.
    """
    return _keyed_hash(address, settings.SECRET_KEY) if address else ""


@lru_cache(maxsize=10_000)
def _keyed_hash(address: str, secret: str) -> str:
    return salted_hmac("syncplay.address", address, secret, algorithm="sha256").hexdigest()


@lru_cache(maxsize=10_000)
def neighbourhood(address: str) -> str:
    """Who shares a rate limit: an IPv4 address, or the IPv6 /64 that one household has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Network((parsed, 64), strict=False))
    return address
