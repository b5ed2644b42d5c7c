"""Names, passwords, and the place that a client takes under another key than REST gave it."""

import pytest
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.deciding_people import name_key
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import Key
from syncplay_backend.domain.people import Role
from tests.domain.cast import (
    ALICE,
    BOB,
    BOBS_KEY,
    CHARLIE,
    CHARLIES_KEY,
    CHARLIES_TAB,
    MINUTE,
    NOW,
    a_uuid,
    after,
    charlie,
    enter,
    events_of,
    join,
    member,
    movie_night,
    refusal,
    whoever_holds,
    with_member,
)

FRESH_KEY = Key(a_uuid())


class TestNameKeys:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Alice", "aLICE"),
            ("Stra\u00dfe", "STRASSE"),
            ("\ufb01n", "fin"),
            ("Al\u200bice", "Alice"),
            ("Alice\u3164", "Alice"),
            ("Alice  B", "Alice\u00a0B"),
            ("\u2163", "iv"),
        ],
    )
    def test_what_people_take_for_the_same_is_the_same(self, one, other):
        assert name_key(one) == name_key(other)

    @pytest.mark.parametrize(
        ("one", "other"), [("Bob", "Rob"), ("Al Ice", "Alice"), ("e", "\u00e9")]
    )
    def test_what_people_tell_apart_is_not(self, one, other):
        assert name_key(one) != name_key(other)

    def test_a_name_that_unfolds_has_a_key_of_bounded_length(self):
        assert len(name_key("\ufdfa" * 80)) == 320

    def test_a_key_is_its_own_key(self):
        for name in ("Alice", "\u0390", "\u01c5", "\u00b4x", "\ufdfa", "\u1e9e"):
            assert name_key(name_key(name)) == name_key(name)


class TestPasswords:
    def test_without_the_password_nobody_comes_in(self):
        room = movie_night(password_hash="hash")

        assert refusal(room, join("Charlie")) is Code.WRONG_PASSWORD
        assert refusal(room, enter(FRESH_KEY, "Charlie")) is Code.WRONG_PASSWORD

    def test_with_it_one_does(self):
        room = movie_night(password_hash="hash")

        assert events_of(room, join("Charlie", verified_hash="hash"))
        assert events_of(room, enter(FRESH_KEY, "Charlie", verified_hash="hash"))

    def test_a_password_that_was_changed_meanwhile_does_not_help(self):
        room = movie_night(password_hash="new hash")

        assert refusal(room, join("Charlie", verified_hash="hash")) is Code.WRONG_PASSWORD

    def test_a_room_without_one_takes_any(self):
        assert events_of(movie_night(), join("Charlie", verified_hash="hash"))

    def test_a_member_needs_none(self):
        assert events_of(movie_night(password_hash="hash"), enter(BOBS_KEY))

    def test_a_stranger_does_not_learn_the_names(self):
        room = movie_night(password_hash="hash")

        assert refusal(room, join("Bob")) is Code.WRONG_PASSWORD


class TestClaiming:
    """A client of the contract may ignore the key that REST gave it."""

    def claim(self, **more):
        return enter(FRESH_KEY, "charlie", member_id=a_uuid(), **more)

    def joined(self, **changes):
        return with_member(after(movie_night(), join("Charlie")), CHARLIE, **changes)

    def test_a_socket_takes_the_place_of_the_same_name(self):
        room = after(self.joined(), self.claim(), now=NOW + 2 * MINUTE)

        assert set(room.members) == {ALICE, BOB, CHARLIE}
        assert member(room, CHARLIE).is_online

    def test_the_old_key_is_dead_then(self):
        room = after(self.joined(), self.claim())

        assert refusal(room, c.UsePlace(), whoever_holds(CHARLIES_KEY)) is Code.UNKNOWN_USER
        assert refusal(room, enter(CHARLIES_KEY)) is Code.UNKNOWN_USER
        assert events_of(room, enter(FRESH_KEY))

    def test_only_within_two_minutes(self):
        late = NOW + 2 * MINUTE + 1

        assert refusal(self.joined(), self.claim(), now=late) is Code.NAME_TAKEN

    def test_only_from_the_same_address(self):
        assert refusal(self.joined(), self.claim(address="elsewhere")) is Code.NAME_TAKEN

    def test_not_from_nowhere(self):
        room = self.joined(address="")

        assert refusal(room, self.claim(address="")) is Code.NAME_TAKEN

    def test_not_when_the_key_was_used(self):
        room = after(self.joined(), c.UsePlace(), charlie)

        assert refusal(room, self.claim()) is Code.NAME_TAKEN

    def test_not_of_somebody_who_was_there(self):
        room = after(movie_night(), enter(CHARLIES_KEY, "Charlie", CHARLIES_TAB))
        room = after(room, c.Disconnect(CHARLIES_TAB), charlie)

        assert refusal(room, self.claim()) is Code.NAME_TAKEN

    def test_not_of_a_moderator(self):
        assert refusal(self.joined(role=Role.MODERATOR), self.claim()) is Code.NAME_TAKEN

    def test_not_of_the_host(self):
        room = replace(self.joined(), host_id=CHARLIE)

        assert refusal(room, self.claim()) is Code.NAME_TAKEN

    def test_not_without_the_rooms_password(self):
        room = replace(self.joined(), password_hash="hash")

        assert refusal(room, self.claim()) is Code.WRONG_PASSWORD
