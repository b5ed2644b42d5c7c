import pytest
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import Key
from syncplay_backend.domain.people import SERVER, Member, Role
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    BOB,
    BOBS_KEY,
    BOBS_PHONE,
    BOBS_TAB,
    CHARLIE,
    CHARLIES_KEY,
    CHARLIES_TAB,
    MINUTE,
    NOW,
    SECOND,
    a_uuid,
    after,
    alice,
    bob,
    charlie,
    enter,
    events_of,
    join,
    member,
    movie_night,
    new_room,
    refusal,
    types_of,
    whoever_holds,
    with_member,
)

FRESH_KEY = Key(a_uuid())


def offline(room, member_id, now=NOW):
    for connection in member(room, member_id).connections:
        actor = replace(SERVER, member_id=member_id)
        room = after(room, c.Disconnect(connection.id), actor, now)
    return room


class TestJoining:
    def test_over_rest_one_takes_a_place_without_being_there(self):
        [joined] = events_of(movie_night(), join("Charlie"))

        assert (joined.member.id, joined.member.is_online) == (CHARLIE, False)
        assert (joined.is_host, joined.by) == (False, CHARLIE)

    def test_the_key_is_kept_as_a_hash(self):
        room = after(movie_night(), join("Charlie"))

        assert member(room, CHARLIE).key_hash == CHARLIES_KEY.hash

    def test_a_place_that_nobody_uses_lasts_a_quarter_of_an_hour(self):
        room = after(movie_night(), join("Charlie"))

        assert member(room, CHARLIE).away_until == NOW + 15 * MINUTE

    def test_the_hosts_place_lasts(self):
        assert member(new_room(), ALICE).away_until is None

    def test_into_a_room_without_a_host_comes_its_host(self):
        room = after(after(new_room(), c.Leave(), alice), join("Charlie"))

        assert room.host_id == CHARLIE

    @pytest.mark.parametrize("name", ["Bob", "bob", "BOB", "\uff22ob", "Bo\u200bb", "Bob\ufe0f"])
    def test_a_name_is_taken_once(self, name):
        assert refusal(movie_night(), join(name)) is Code.NAME_TAKEN
        assert refusal(movie_night(), enter(FRESH_KEY, name)) is Code.NAME_TAKEN

    def test_a_name_is_free_again_when_its_member_has_left(self):
        room = after(movie_night(), c.Leave(), bob)

        assert types_of(events_of(room, join("Bob"))) == ["MemberJoined"]

    def test_a_full_room_is_full(self, monkeypatch):
        monkeypatch.setattr(limits, "MEMBERS_OF_A_ROOM", 2)

        assert refusal(movie_night(), join("Charlie")) is Code.CONFLICT
        assert refusal(movie_night(), enter(FRESH_KEY, "Charlie")) is Code.CONFLICT

    def test_who_has_a_place_comes_into_a_full_room(self, monkeypatch):
        monkeypatch.setattr(limits, "MEMBERS_OF_A_ROOM", 2)

        assert events_of(movie_night(), enter(BOBS_KEY))


class TestEntering:
    def test_who_joined_over_rest_comes_online(self):
        room = after(movie_night(), join("Charlie"))
        [joined] = events_of(room, enter(CHARLIES_KEY, tab=CHARLIES_TAB), now=NOW + SECOND)

        assert [connection.id for connection in joined.member.connections] == [CHARLIES_TAB]
        assert (joined.member.joined_at, joined.member.away_until) == (NOW, None)
        assert joined.member.key_used

    def test_a_stranger_with_a_name_becomes_a_member_under_that_key(self):
        room = after(movie_night(), enter(FRESH_KEY, "Charlie"))

        assert member(room, CHARLIE).is_online
        assert member(room, CHARLIE).key_hash == FRESH_KEY.hash
        assert room.host_id == ALICE

    def test_a_stranger_without_a_name_is_nobody(self):
        assert refusal(movie_night(), enter(FRESH_KEY)) is Code.UNKNOWN_USER

    def test_the_first_one_in_an_empty_room_is_its_host(self):
        room = after(new_room(), c.Leave(), alice)

        assert after(room, enter(FRESH_KEY, "Charlie")).host_id == CHARLIE

    def test_the_host_comes_back_as_the_host(self):
        room = offline(movie_night(), ALICE)
        [joined] = events_of(room, enter(ALICES_KEY), now=NOW + 59 * SECOND)

        assert joined.is_host
        assert joined.member.away_until is None

    def test_another_name_does_not_rename_anybody(self):
        room = after(offline(movie_night(), BOB), enter(BOBS_KEY, "Robert"))

        assert member(room, BOB).name == "Bob"

    @pytest.mark.parametrize("public_id", [ALICE, BOB])
    def test_a_public_id_is_no_key(self, public_id):
        room = movie_night()

        assert refusal(room, enter(Key(public_id), "Alice")) is Code.INVALID
        assert refusal(room, enter(Key(public_id), "Somebody")) is Code.INVALID

    def test_a_second_tab_is_told_to_nobody(self):
        [opened] = events_of(movie_night(), enter(BOBS_KEY, tab=BOBS_PHONE))

        assert isinstance(opened, e.ConnectionOpened)
        assert opened.connection.lease_until == NOW + limits.LEASE

    def test_of_too_many_tabs_the_oldest_goes(self):
        room = movie_night()
        for second in range(1, limits.CONNECTIONS_OF_A_MEMBER):
            room = after(room, enter(BOBS_KEY), now=NOW + second)
        closed, opened = events_of(room, enter(BOBS_KEY), now=NOW + MINUTE)

        assert (closed.connection_id, closed.crowded_out) == (BOBS_TAB, True)
        assert isinstance(opened, e.ConnectionOpened)


class TestLeaving:
    def test_who_leaves_is_gone_at_once(self):
        assert events_of(movie_night(), c.Leave(), bob) == [
            e.MemberLeft(member_id=BOB, name="Bob", reason="left", at=NOW, by=BOB)
        ]

    def test_a_key_is_enough_to_leave(self):
        assert events_of(movie_night(), c.Leave(), whoever_holds(BOBS_KEY))

    def test_a_stranger_cannot_leave(self):
        assert refusal(movie_night(), c.Leave(), charlie) is Code.UNKNOWN_USER

    def test_nobody_leaves_twice(self):
        room = after(movie_night(), c.Leave(), bob)

        assert refusal(room, c.Leave(), bob) is Code.UNKNOWN_USER

    def test_the_host_is_succeeded(self):
        left, changed = events_of(movie_night(), c.Leave(), alice)

        assert left.member_id == ALICE
        assert changed == e.HostChanged(host_id=BOB, at=NOW, by=None)

    def test_the_last_one_leaves_no_host(self):
        room = after(new_room(), c.Leave(), alice)

        assert (room.host_id, room.members) == (None, {})


class TestSuccession:
    def crowd(self, **changes):
        room = after(movie_night(), enter(CHARLIES_KEY, "Charlie"), now=NOW + MINUTE)
        return with_member(room, CHARLIE, **changes)

    def successor(self, room):
        return after(room, c.Leave(), alice, NOW + 2 * MINUTE).host_id

    def test_the_longest_present_member_comes_first(self):
        assert self.successor(self.crowd()) == BOB

    def test_a_higher_role_comes_before_a_longer_presence(self):
        assert self.successor(self.crowd(role=Role.MODERATOR)) == CHARLIE

    def test_who_is_there_comes_before_who_is_not(self):
        assert self.successor(offline(self.crowd(), BOB)) == CHARLIE

    def test_where_nobody_is_there_somebody_succeeds_all_the_same(self):
        room = offline(offline(self.crowd(), BOB), CHARLIE)

        assert self.successor(room) == BOB


class TestUsingAPlace:
    def test_a_place_that_is_used_lasts_on(self):
        room = after(movie_night(), join("Charlie"))
        later = NOW + 5 * MINUTE

        assert events_of(room, c.UsePlace(), charlie, later) == [
            e.PlaceUsed(member_id=CHARLIE, away_until=later + 15 * MINUTE)
        ]

    def test_not_every_use_is_written_down(self):
        room = after(after(movie_night(), join("Charlie")), c.UsePlace(), charlie)

        assert events_of(room, c.UsePlace(), charlie, NOW + 59 * SECOND) == []
        assert events_of(room, c.UsePlace(), charlie, NOW + 60 * SECOND)

    def test_who_is_online_needs_no_deadline(self):
        assert events_of(movie_night(), c.UsePlace(), bob) == []

    def test_the_hosts_place_gets_no_deadline(self):
        room = after(new_room(), c.UsePlace(), alice)

        assert member(room, ALICE).key_used
        assert member(room, ALICE).away_until is None
        assert events_of(room, c.UsePlace(), alice) == []

    def test_it_needs_a_place(self):
        assert refusal(movie_night(), c.UsePlace(), charlie) is Code.UNKNOWN_USER

    def test_who_shows_neither_id_nor_key_is_nobody(self):
        assert refusal(movie_night(), c.UsePlace(), SERVER) is Code.UNKNOWN_USER


def test_the_roles_have_an_order():
    assert list(Role) == [Role.MEMBER, Role.MODERATOR]


def test_a_member_without_a_connection_is_offline():
    assert not Member(BOB, "Bob", b"", NOW).is_online
