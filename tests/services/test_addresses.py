"""Addresses: compared, never kept."""

import pytest

from syncplay_backend.services.addresses import fingerprint, neighbourhood


def test_equal_addresses_have_equal_fingerprints_and_others_others() -> None:
    assert fingerprint("192.0.2.1") == fingerprint("192.0.2.1")
    assert fingerprint("192.0.2.1") != fingerprint("192.0.2.2")


def test_a_fingerprint_does_not_tell_the_address_and_fits_its_column() -> None:
    assert "192.0.2.1" not in fingerprint("192.0.2.1")
    assert len(fingerprint("192.0.2.1")) == 64


def test_a_fingerprint_is_of_no_use_without_the_servers_secret(settings) -> None:
    before = fingerprint("192.0.2.1")
    settings.SECRET_KEY = "another" * 10
    assert fingerprint("192.0.2.1") != before


@pytest.mark.parametrize("address", ["192.0.2.1", "::ffff:192.0.2.1", "", "unix:", "testclient"])
def test_an_address_is_its_own_neighbourhood(address: str) -> None:
    assert neighbourhood(address) == address


def test_the_addresses_of_one_household_are_neighbours() -> None:
    one, other, stranger = "2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"
    assert neighbourhood(one) == neighbourhood(other) != neighbourhood(stranger)
