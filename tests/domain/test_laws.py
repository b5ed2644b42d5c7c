"""What holds in every room, whatever people do in it and whenever they do it."""

from base64 import b64encode

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import events as e
from syncplay_backend.domain import limits, wire
from syncplay_backend.domain.decide import create, decide
from syncplay_backend.domain.deciding_people import member_of, name_key
from syncplay_backend.domain.errors import Refused
from syncplay_backend.domain.fields import Key, VideoUrl
from syncplay_backend.domain.log import Source, entry
from syncplay_backend.domain.people import SERVER, Actor, Role
from syncplay_backend.domain.permissions import may_control
from syncplay_backend.domain.policy import Settings
from syncplay_backend.domain.state import apply, apply_all
from syncplay_backend.domain.views import outside_view, room_view
from tests.domain.cast import (
    ALICES_KEY,
    BOBS_KEY,
    CHARLIES_KEY,
    FILM,
    HOME,
    MINUTE,
    NOW,
    a_uuid,
    enter,
    founding,
    join,
    with_member,
)

NOWHERE = Source()
HASH = "pbkdf2$the room's password"
KEYS = [ALICES_KEY, BOBS_KEY, CHARLIES_KEY, Key(a_uuid()), Key(a_uuid())]
SECRETS = [HASH, HOME, "ip2"]
for _key in KEYS:
    SECRETS += [str(_key.value), _key.value.hex, _key.hash.hex(), b64encode(_key.hash).decode()]

keys = st.sampled_from(KEYS)
names = st.sampled_from(["Alice", "ALICE", "Bob", "Bo\u200bb", "Charlie", "Dora"])
addresses = st.sampled_from(["", HOME, "ip2"])
hashes = st.sampled_from(["", HASH])
positions = st.none() | st.integers(0, 10_000_000_000).map(lambda ms: ms / 1000)
someone = st.integers(0, 7)
playback = st.one_of(
    st.builds(c.Play, positions),
    st.builds(c.Pause, positions),
    st.builds(c.Seek, positions.filter(lambda position: position is not None)),
    st.builds(c.SetRate, st.sampled_from([0.25, 0.5, 1.0, 1.25, 2.0, 4.0])),
    st.just(c.ChangeVideo(VideoUrl(FILM))),
)


class AnyRoom(RuleBasedStateMachine):
    """People come, watch, drop and leave; the clock is ours."""

    @initialize(settings=st.builds(Settings), password=hashes)
    def open(self, settings, password):
        self.now = NOW
        options = {"password_hash": password, "settings": settings}
        self.room, events = create(founding(video_url=VideoUrl(FILM), **options), NOW)
        self.before_everything, self.history, self.sockets = self.room, [], {}
        self.happen(events)

    # What can happen.

    @rule(passed=st.integers(0, 5_000) | st.integers(0, 20 * MINUTE))
    def time_passes(self, passed):
        self.now += passed

    @rule(key=keys, name=names, address=addresses, verified=hashes)
    def somebody_joins_over_rest(self, key, name, address, verified):
        held = {member.key_hash for member in self.room.members.values()}
        if key.hash not in held:  # over REST the server makes the key
            self.give(join(name, a_uuid(), key, address=address, verified_hash=verified))

    @rule(
        key=keys, name=st.none() | names, address=addresses, verified=hashes, precise=st.booleans()
    )
    def a_socket_opens(self, key, name, address, verified, precise):
        more = {"member_id": a_uuid(), "address": address, "verified_hash": verified}
        more["precise"] = precise
        self.give(enter(key, name, **more))

    @rule(key=keys, command=playback)
    def somebody_touches_the_player(self, key, command):
        self.give(command, Actor(key_hash=key.hash))

    @rule(key=keys, command=st.sampled_from([c.Leave(), c.UsePlace()]))
    def somebody_leaves_or_stays(self, key, command):
        self.give(command, Actor(key_hash=key.hash))

    @rule(which=someone, trip=st.none() | st.integers(0, 5_000))
    def a_round_trip_is_measured(self, which, trip):
        if self.sockets:
            tab = sorted(self.sockets)[which % len(self.sockets)]
            self.give(c.NoteRoundTrip(tab, trip), Actor(member_id=self.sockets[tab]))

    @rule(which=someone)
    def a_socket_is_lost(self, which):
        if self.sockets:
            tab = sorted(self.sockets)[which % len(self.sockets)]
            self.give(c.Disconnect(tab), Actor(member_id=self.sockets[tab]))
            assert tab not in self.sockets

    @rule(which=someone)
    def a_socket_outlives_its_row(self, which):
        if self.room.members:
            who = sorted(self.room.members)[which % len(self.room.members)]
            again = c.Reenter(a_uuid(), "another process", precise=True)
            self.give(again, Actor(member_id=who))

    @rule()
    def every_deadline_is_looked_at(self):
        leases = [c.EndLease(member, tab) for tab, member in self.sockets.items()]
        for command in [*leases, *map(c.GiveUpPlace, self.room.members)]:
            self.give(command)
            assert decide(self.room, command, SERVER, self.now) == []

    @rule(which=someone, role=st.sampled_from(Role))
    def somebody_is_trusted(self, which, role):
        if self.room.members:
            who = sorted(self.room.members)[which % len(self.room.members)]
            self.room = with_member(self.room, who, role=role)
            self.before_everything, self.history = self.room, []

    @rule(command=st.sampled_from([c.Close(), c.Retire(NOW)]), sure=st.integers(0, 9))
    def the_server_closes_the_room(self, command, sure):
        if sure == 0:
            self.give(command)

    # What holds whenever something happens.

    def give(self, command, actor=SERVER):
        before = replace(self.room, members=dict(self.room.members))
        controls = self.may_control(actor)
        try:
            events = decide(self.room, command, actor, self.now)
        except Refused:
            events = []
        assert self.room == before  # a refused command changes nothing, and a decision neither
        for event in events:
            assert controls or not isinstance(event, e.PlaybackEvent) or event.by is None
        self.happen(events)
        self.nothing_jumps(before, command, actor)

    def nothing_jumps(self, before, command, actor):
        """The video is where it was, but for who says where it shall be."""
        if getattr(command, "position", None) is None and not isinstance(command, c.ChangeVideo):
            here = before.timeline.position_at(self.now)
            assert self.room.timeline.position_at(self.now) == here

    def may_control(self, actor):
        try:
            return may_control(self.room, member_of(self.room, actor))
        except Refused:
            return False

    def happen(self, events):
        for event in events:
            before, self.room = self.room, apply(self.room, event)
            self.history.append(event)
            self.count_sockets(event)
            self.seq_goes_up_by_one(before, event)
            self.only_playback_moves_the_timeline(before, event)
            self.is_told_without_secrets(event)
            self.can_be_stored(event)

    def count_sockets(self, event):
        match event:
            case e.MemberJoined():
                self.sockets |= {tab.id: event.member.id for tab in event.member.connections}
            case e.ConnectionOpened():
                self.sockets[event.connection.id] = event.member_id
            case e.ConnectionClosed():
                del self.sockets[event.connection_id]
            case e.MemberWentOffline() | e.MemberLeft():
                gone = event.member_id
                self.sockets = {tab: who for tab, who in self.sockets.items() if who != gone}

    def seq_goes_up_by_one(self, before, event):
        assert self.room.seq == before.seq + isinstance(event, e.Numbered)
        assert before.control_seq <= self.room.control_seq <= self.room.seq

    def only_playback_moves_the_timeline(self, before, event):
        if not isinstance(event, e.PlaybackEvent):
            assert (self.room.timeline, self.room.video) == (before.timeline, before.video)

    def is_told_without_secrets(self, event):
        if isinstance(event, e.Numbered):
            frame = entry(self.room, event, NOWHERE).frame()
            assert not [secret for secret in SECRETS if secret in frame]

    def can_be_stored(self, event):
        stored = msgspec.json.encode(event)
        assert msgspec.json.decode(stored, type=type(event)) == event

    # What holds at all times.

    @invariant()
    def the_host_is_a_member_and_where_there_are_members_there_is_a_host(self):
        if self.room.members:
            assert self.room.host_id in self.room.members
        else:
            assert self.room.host_id is None

    @invariant()
    def at_most_one_member_is_shown_as_the_host(self):
        hosts = [user for user in room_view(self.room, self.now).users if user.is_host]
        assert len(hosts) == bool(self.room.members)

    @invariant()
    def names_and_keys_are_taken_once(self):
        people = self.room.members.values()
        assert len({name_key(member.name) for member in people}) == len(people)
        assert len({member.key_hash for member in people}) == len(people)

    @invariant()
    def who_has_a_socket_is_online_and_nobody_else(self):
        for member in self.room.members.values():
            tabs = {tab for tab, who in self.sockets.items() if who == member.id}
            assert {connection.id for connection in member.connections} == tabs
            assert member.is_online is bool(tabs)
            assert len(member.connections) == len(tabs)
        assert set(self.sockets.values()) <= set(self.room.members)

    @invariant()
    def who_is_online_has_no_deadline_and_a_used_key(self):
        for member in self.room.members.values():
            if member.is_online:
                assert (member.away_until, member.key_used) == (None, True)

    @invariant()
    def only_a_host_who_never_was_there_is_waited_for_without_end(self):
        for member in self.room.members.values():
            assert member.is_online or member.away_until or self.room.is_host(member)

    @invariant()
    def the_video_is_somewhere_and_never_runs_backwards(self):
        timeline = self.room.timeline
        assert 0 <= timeline.position <= timeline.position_at(self.now)
        assert timeline.position_at(self.now) <= timeline.position_at(self.now + 1)
        assert self.room.active_at <= self.now

    @invariant()
    def no_view_tells_a_secret(self):
        for view in (room_view, outside_view):
            frame = wire.room_update(view(self.room, self.now))
            assert not [secret for secret in SECRETS if secret in frame]

    def teardown(self):
        if hasattr(self, "room"):
            assert apply_all(self.before_everything, self.history) == self.room


TestAnyRoom = AnyRoom.TestCase
TestAnyRoom.settings = settings(max_examples=200, stateful_step_count=40)


def test_nobody_has_more_connections_than_allowed():
    room = apply_all(*create(founding(), NOW))
    for second in range(30):
        room = apply_all(room, decide(room, enter(ALICES_KEY), SERVER, NOW + second))

    [alice] = room.members.values()
    assert len(alice.connections) == limits.CONNECTIONS_OF_A_MEMBER
    assert min(tab.opened_at for tab in alice.connections) == NOW + 22
