import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import limits
from syncplay_backend.domain.errors import Code
from syncplay_backend.domain.fields import ChatText
from syncplay_backend.domain.people import State
from tests.domain.cast import (
    ALICES_KEY,
    BOB,
    BOBS_KEY,
    BOBS_TAB,
    MINUTE,
    NOW,
    SECOND,
    after,
    alice,
    bob,
    enter,
    events_of,
    join,
    movie_night,
    new_room,
    playing,
    refusal,
    says,
    types_of,
    whoever_holds,
)

END_OF_GRACE = NOW + limits.GRACE


class TestRetiring:
    def retires(self, room, quiet_since=NOW):
        return types_of(events_of(room, c.Retire(quiet_since), now=NOW + MINUTE))

    def test_a_room_where_nobody_is_and_nothing_happens_is_closed(self):
        assert self.retires(new_room()) == ["RoomClosed"]

    def test_a_room_where_somebody_is_stays(self):
        assert self.retires(movie_night()) == []

    def test_a_room_where_something_happened_stays(self):
        assert self.retires(new_room(), quiet_since=NOW - 1) == []


class TestClosing:
    def closed(self):
        return after(movie_night(), c.Close())

    def test_a_room_is_closed_by_the_server(self):
        assert events_of(movie_night(), c.Close()) == [e.RoomClosed(at=NOW, by=None)]

    @pytest.mark.parametrize(
        "command",
        [
            c.Play(),
            c.Seek(1.0),
            c.Say(ChatText("Hello?")),
            c.ChangeSettings(),
            says(State.BUFFERING, alice),
            c.EndWait(),
            c.Reanchor(anchored_at=NOW, by=1_000),
            c.UsePlace(),
            c.Close(),
            c.Retire(NOW),
            c.Reenter(BOBS_TAB, "this process"),
            join("Charlie"),
            enter(BOBS_KEY),
        ],
        ids=lambda command: type(command).__name__,
    )
    def test_nothing_happens_in_a_closed_room(self, command):
        assert refusal(self.closed(), command, alice) is Code.ROOM_CLOSED

    def test_people_still_get_out(self):
        room = after(self.closed(), c.Disconnect(BOBS_TAB), bob)
        room = after(room, c.GiveUpPlace(BOB), now=END_OF_GRACE)
        room = after(room, c.Leave(), whoever_holds(ALICES_KEY))

        assert room.members == {}

    def test_what_is_closed_waits_for_nobody(self):
        room = after(playing(), says(State.BUFFERING, bob), bob)
        room = after(room, c.Close())

        assert room.wait is None
        assert types_of(events_of(room, c.Leave(), bob)) == ["MemberLeft"]


class TestReanchoring:
    """The clock that everybody goes by was set: the video is where it was all the same."""

    @pytest.mark.parametrize("by", [3_600_000, 10_000, 251, -251, -10_000, -3_600_000])
    def test_the_video_goes_on_from_where_it_was(self, by):
        room = playing(100.0)
        before = NOW + 30 * SECOND
        now = before + by

        [sought] = events_of(room, c.Reanchor(anchored_at=NOW, by=by), now=now)

        assert sought == e.Sought(position=130.0, at=now, by=None)

    def test_it_is_done_once(self):
        command = c.Reanchor(anchored_at=NOW, by=10_000)
        room = after(playing(), command, now=NOW + MINUTE)

        assert events_of(room, command, now=NOW + MINUTE) == []

    def test_what_was_anchored_since_is_right_already(self):
        room = after(playing(), c.Seek(5.0), alice, NOW + SECOND)

        assert events_of(room, c.Reanchor(anchored_at=NOW, by=10_000), now=NOW + MINUTE) == []

    def test_a_video_that_stands_still_is_where_it_is(self):
        command = c.Reanchor(anchored_at=movie_night().timeline.at, by=10_000)

        assert events_of(movie_night(), command, now=NOW + MINUTE) == []
