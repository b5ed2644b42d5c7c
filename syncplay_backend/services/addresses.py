"""Client addresses: compared, never kept."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.utils.crypto import salted_hmac


def fingerprint(address: str) -> str:
    """A keyed hash of an address: equal for equal ones, and of no use to anybody else.

    Of an address that is not known (behind a UNIX socket) there is none: it equals no other.
    """
    if not address:
        return ""
    return salted_hmac("syncplay.address", address, algorithm="sha256").hexdigest()


def neighbourhood(address: str) -> str:
    """Who shares a rate limit: an IPv4 address, or the IPv6 /64 that one household has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Network((parsed, 64), strict=False))
    return address
