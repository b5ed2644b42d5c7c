from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.people import SERVER
from tests.domain.cast import (
    ALICE,
    ALICES_KEY,
    ALICES_TAB,
    BOB,
    BOBS_KEY,
    BOBS_PHONE,
    BOBS_TAB,
    CHARLIE,
    MINUTE,
    NOW,
    SECOND,
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
)

END_OF_GRACE = NOW + limits.GRACE


def without_bob(now=NOW):
    return after(movie_night(), c.Disconnect(BOBS_TAB), bob, now)


class TestDisconnecting:
    def test_who_drops_is_offline_and_keeps_the_place(self):
        assert events_of(movie_night(), c.Disconnect(BOBS_TAB), bob) == [
            e.MemberWentOffline(member_id=BOB, name="Bob", away_until=END_OF_GRACE, at=NOW, by=BOB)
        ]

    def test_a_host_who_drops_is_still_the_host(self):
        room = after(movie_night(), c.Disconnect(ALICES_TAB), alice)

        assert room.host_id == ALICE

    def test_one_of_two_tabs_is_no_loss(self):
        room = after(movie_night(), enter(BOBS_KEY, tab=BOBS_PHONE))

        assert events_of(room, c.Disconnect(BOBS_TAB), bob) == [
            e.ConnectionClosed(member_id=BOB, connection_id=BOBS_TAB)
        ]

    def test_a_socket_is_lost_once(self):
        assert events_of(without_bob(), c.Disconnect(BOBS_TAB), bob) == []

    def test_the_socket_of_somebody_who_left_is_no_loss(self):
        room = after(movie_night(), c.Leave(), bob)

        assert events_of(room, c.Disconnect(BOBS_TAB), bob) == []

    def test_nobody_ends_anothers_connection(self):
        assert events_of(movie_night(), c.Disconnect(BOBS_TAB), alice) == []
        assert events_of(movie_night(), c.Disconnect(BOBS_TAB), charlie) == []
        assert events_of(movie_night(), c.Disconnect(BOBS_TAB), SERVER) == []


class TestLeases:
    def ends(self, room, now):
        return events_of(room, c.EndLease(BOB, BOBS_TAB), now=now)

    def test_a_lease_that_runs_out_ends_like_a_disconnect(self):
        assert types_of(self.ends(movie_night(), NOW + limits.LEASE)) == ["MemberWentOffline"]

    def test_a_lease_that_still_runs_does_not_end(self):
        assert self.ends(movie_night(), NOW + limits.LEASE - 1) == []

    def test_a_lease_ends_once(self):
        end = NOW + limits.LEASE
        room = after(movie_night(), c.EndLease(BOB, BOBS_TAB), now=end)

        assert self.ends(room, end + MINUTE) == []

    def test_the_grace_begins_when_the_lease_ends(self):
        end = NOW + limits.LEASE
        room = after(movie_night(), c.EndLease(BOB, BOBS_TAB), now=end)

        assert member(room, BOB).away_until == end + limits.GRACE

    def test_a_dead_tab_does_not_take_the_living_one_along(self):
        room = after(movie_night(), enter(BOBS_KEY, tab=BOBS_PHONE), now=NOW + SECOND)
        room = after(room, c.EndLease(BOB, BOBS_TAB), now=NOW + limits.LEASE)

        assert [connection.id for connection in member(room, BOB).connections] == [BOBS_PHONE]


class TestGrace:
    def gives_up(self, room, now, who=BOB):
        return events_of(room, c.GiveUpPlace(who), now=now)

    def test_who_stays_away_loses_the_place(self):
        assert self.gives_up(without_bob(), END_OF_GRACE) == [
            e.MemberLeft(member_id=BOB, name="Bob", reason="away", at=END_OF_GRACE, by=BOB)
        ]

    def test_not_before_the_grace_is_over(self):
        assert self.gives_up(without_bob(), END_OF_GRACE - 1) == []

    def test_who_came_back_stays(self):
        room = after(without_bob(), enter(BOBS_KEY))

        assert self.gives_up(room, END_OF_GRACE + MINUTE) == []

    def test_who_drops_again_has_the_whole_grace_again(self):
        back = after(without_bob(), enter(BOBS_KEY, tab=BOBS_PHONE), now=NOW + MINUTE - 1)
        room = after(back, c.Disconnect(BOBS_PHONE), bob, NOW + MINUTE)

        assert self.gives_up(room, END_OF_GRACE) == []
        assert self.gives_up(room, END_OF_GRACE + MINUTE)

    def test_a_place_is_given_up_once(self):
        room = after(without_bob(), c.GiveUpPlace(BOB), now=END_OF_GRACE)

        assert self.gives_up(room, END_OF_GRACE) == []

    def test_a_host_who_stays_away_is_succeeded(self):
        room = after(movie_night(), c.Disconnect(ALICES_TAB), alice)
        room = after(room, c.GiveUpPlace(ALICE), now=END_OF_GRACE)

        assert room.host_id == BOB
        assert ALICE not in room.members

    def test_a_host_who_was_succeeded_comes_back_as_a_viewer(self):
        room = after(movie_night(), c.Disconnect(ALICES_TAB), alice)
        room = after(room, c.GiveUpPlace(ALICE), now=END_OF_GRACE)
        room = after(room, enter(ALICES_KEY, "Alice", member_id=CHARLIE), now=END_OF_GRACE)

        assert room.host_id == BOB

    def test_a_place_that_nobody_ever_used_goes_too(self):
        room = after(movie_night(), join("Charlie"))

        assert self.gives_up(room, NOW + limits.UNUSED_PLACE - 1, CHARLIE) == []
        assert self.gives_up(room, NOW + limits.UNUSED_PLACE, CHARLIE)

    def test_a_host_who_never_connected_stays(self):
        assert self.gives_up(new_room(), NOW + 10**9, ALICE) == []


class TestReentering:
    """A connection outlives its row where the database was away for longer than a lease."""

    def reenters(self, room, tab=BOBS_TAB):
        return events_of(room, c.Reenter(tab, "this process"), bob, END_OF_GRACE - 1)

    def test_who_was_taken_for_gone_comes_back(self):
        [joined] = self.reenters(without_bob())

        assert [connection.id for connection in joined.member.connections] == [BOBS_TAB]
        assert (joined.member.away_until, joined.is_host) == (None, False)

    def test_who_is_online_by_another_connection_has_one_more(self):
        assert types_of(self.reenters(movie_night(), BOBS_PHONE)) == ["ConnectionOpened"]

    def test_a_connection_that_is_there_is_not_put_back(self):
        assert self.reenters(movie_night()) == []

    def test_a_place_that_was_given_up_is_gone(self):
        room = after(movie_night(), c.Leave(), bob)

        assert refusal(room, c.Reenter(BOBS_TAB, "this process"), bob) is Code.UNKNOWN_USER


class TestRoundTrips:
    def test_it_is_noted_of_a_connection_that_is_there(self):
        room = after(movie_night(), c.NoteRoundTrip(BOBS_TAB, 40), bob)

        assert [held.round_trip for held in member(room, BOB).connections] == [40]

    def test_of_one_that_is_gone_there_is_nothing_to_note(self):
        assert events_of(movie_night(), c.NoteRoundTrip(BOBS_PHONE, 40), bob) == []
        assert events_of(movie_night(), c.NoteRoundTrip(BOBS_TAB, 40), SERVER) == []
