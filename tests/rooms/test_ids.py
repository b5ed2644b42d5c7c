"""Ids that everybody may know."""

from uuid import RFC_4122

from syncplay_backend.rooms.ids import public_id

NOW = 1_700_000_000_000


def test_an_id_is_a_uuid_of_its_instant() -> None:
    id = public_id(NOW)

    assert (id.version, id.variant, id.int >> 80) == (7, RFC_4122, NOW)


def test_of_two_instants_the_later_one_comes_later() -> None:
    assert public_id(NOW) < public_id(NOW + 1)


def test_those_of_one_instant_differ() -> None:
    assert len({public_id(NOW) for _ in range(10_000)}) == 10_000


def test_the_first_and_the_last_instant_have_ids_too() -> None:
    for at in (0, 2**48 - 1):
        assert (public_id(at).version, public_id(at).int >> 80) == (7, at)
