"""What holds in every room whose players say how they are: the laws of waiting and of starting."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import limits
from syncplay_backend.domain.decide import decide
from syncplay_backend.domain.fields import ChatText, Emoji
from syncplay_backend.domain.people import SERVER, Actor, Pace, State
from syncplay_backend.domain.policy import Control, WaitFor
from syncplay_backend.domain.state import apply_all
from tests.domain.test_laws import AnyRoom, keys, someone

talk = st.sampled_from([c.Say(ChatText("Hello")), c.React(Emoji("!"))])
changes = st.builds(
    c.ChangeSettings,
    control=st.none() | st.sampled_from(Control),
    wait=st.none() | st.sampled_from(WaitFor),
)
ENTRANCES = (c.Join, c.Enter, c.Reenter)


class AnyRoomInTime(AnyRoom):
    """Players stall, recover, hide; commands come from clients of either protocol."""

    # What can happen, beside all that happens in any room.

    @rule(which=someone, state=st.sampled_from(State))
    def a_player_tells_how_it_is(self, which, state):
        self.player_says(which, state)

    @rule(which=someone)
    def a_player_stalls(self, which):
        self.player_says(which, State.BUFFERING)

    @rule(which=someone)
    def a_player_is_ready(self, which):
        self.player_says(which, State.READY)

    def player_says(self, which, state):
        if self.sockets:
            tab = sorted(self.sockets)[which % len(self.sockets)]
            timeline = self.room.timeline
            self.give(c.Report(tab, state), Actor(member_id=self.sockets[tab], connection_id=tab))
            if self.room.timeline != timeline:  # the room stops or goes on, where it is
                assert self.room.timeline.position == timeline.position_at(self.now)
                assert self.room.timeline.rate == timeline.rate

    @rule(key=keys, command=talk | changes)
    def somebody_talks(self, key, command):
        self.give(command, Actor(key_hash=key.hash))

    @rule(head_start=st.integers(0, 400))
    def a_host_of_the_contract_plays(self, head_start):
        self.give(c.Play(), Actor(member_id=self.room.host_id, head_start=head_start))

    @rule()
    def the_host_plays(self):
        self.give(c.Play(), Actor(member_id=self.room.host_id))

    @rule()
    def the_wait_is_looked_at(self):
        self.give(c.EndWait())
        if self.room.closed_at is None:
            assert decide(self.room, c.EndWait(), SERVER, self.now) == []

    @rule(passed=st.integers(1, 20_000))
    def a_little_time_passes(self, passed):
        self.now += passed

    # What holds whenever something happens.

    def give(self, command, actor=SERVER):
        before = self.room
        super().give(command, actor)
        self.no_deadline_is_moved(before)
        if isinstance(command, ENTRANCES):
            self.a_joiner_disturbs_nobody(before)

    def nothing_jumps(self, before, command, actor):
        if actor.head_start is None:
            super().nothing_jumps(before, command, actor)
        elif self.room.timeline.playing and self.room.timeline != before.timeline:
            begun = self.room.timeline.position_at(self.now - actor.head_start)
            assert begun == before.timeline.position_at(self.now)

    def no_deadline_is_moved(self, before):
        one, other = before.wait, self.room.wait
        if one is None or other is None or one.since != other.since:
            return
        for member_id in one.members.keys() & other.members.keys():
            assert other.members[member_id] == one.members[member_id]

    def a_joiner_disturbs_nobody(self, before):
        if before.wait is None:
            assert self.room.timeline == before.timeline
        waited_for = before.wait.members.keys() if before.wait else set()
        assert self.room.wait is None or self.room.wait.members.keys() <= waited_for

    # What holds at all times.

    @invariant()
    def a_room_that_waits_stands_still(self):
        if self.room.wait is not None:
            assert not self.room.timeline.playing
            assert self.room.closed_at is None

    @invariant()
    def it_waits_only_for_who_watches_and_is_short_of_video(self):
        for member_id in self.room.wait.members if self.room.wait else ():
            member = self.room.members[member_id]
            speaking = [tab for tab in member.connections if tab.precise]
            assert State.BUFFERING in {tab.state for tab in speaking}
            assert State.READY not in {tab.state for tab in speaking}
            assert member.pace is not Pace.CATCHING_UP
            self.policy_has_it_waited_for(member)

    def policy_has_it_waited_for(self, member):
        policy = self.room.settings.wait
        assert policy is not WaitFor.NEVER
        assert policy is WaitFor.ALL or self.room.is_host(member)

    @invariant()
    def every_wait_has_an_end(self):
        if (wait := self.room.wait) is not None:
            assert wait.since < wait.until <= wait.since + limits.FIRST_LOAD
            assert all(until > wait.since for until in wait.members.values())
            over = apply_all(self.room, decide(self.room, c.EndWait(), SERVER, wait.until))
            assert over.wait is None
            assert over.timeline.playing
            assert over.timeline.position == self.room.timeline.position

    @invariant()
    def nobody_is_held_against_for_long_that_it_stalled(self):
        for member in self.room.members.values():
            assert member.stalls_until <= self.now + limits.STALLS * limits.STALL_FORGOTTEN

    @invariant()
    def a_start_is_never_far_away(self):
        assert self.room.timeline.at <= self.now + limits.MOST_LEAD

    @invariant()
    def players_of_the_contract_are_never_heard(self):
        for member in self.room.members.values():
            assert all(tab.precise or tab.state is State.UNKNOWN for tab in member.connections)


TestAnyRoomInTime = AnyRoomInTime.TestCase
TestAnyRoomInTime.settings = settings(max_examples=200, stateful_step_count=50)
