from random import Random

import pytest
from syncplay_client.follower import Follower, Reporter
from syncplay_client.player import Latency, Manners, VirtualPlayer
from syncplay_client.timeline import Timeline

NOW = 1_700_000_000_000
MANNERS = Manners(start=Latency(60), seek=Latency(120), turn=Latency(20), coarseness=0)


class Evening:
    """A player that is followed up, by a clock that is right."""

    def __init__(self, timeline):
        self.passed = 0.0
        self.timeline = timeline
        self.player = VirtualPlayer(lambda: self.passed, MANNERS, Random(1))
        self.follower = Follower(self.player)

    @property
    def server_now(self):
        return NOW + self.passed

    @property
    def error(self):
        return (self.player.true_position - self.timeline.position_at(self.server_now)) * 1000

    def go_on(self, until):
        while self.passed < until:
            wait = self.follower.look(self.timeline, self.server_now, self.passed)
            self.passed = min(until, self.passed + wait)

    def tell(self, timeline):
        self.timeline = timeline


def playing(position=0.0, at=NOW, rate=1.0):
    return Timeline(position=position, at=at, playing=True, rate=rate)


def test_a_scheduled_play_starts_on_time():
    evening = Evening(playing(at=NOW + 777))
    evening.go_on(700)
    assert evening.player.true_position == 0
    evening.go_on(1_000)

    assert evening.error == pytest.approx(0, abs=2)


def test_the_picture_is_there_before_the_start():
    evening = Evening(playing(position=300, at=NOW + 2_000))
    evening.go_on(500)

    assert evening.player.true_position == 300


def test_who_is_late_starts_in_the_middle():
    evening = Evening(playing(position=0, at=NOW - 60_000))
    evening.go_on(1_000)

    assert evening.error == pytest.approx(0, abs=10)


def test_a_pause_shows_everybody_the_same_picture():
    evening = Evening(playing())
    evening.go_on(5_000)
    evening.tell(Timeline(position=4.8, at=NOW + 4_800))
    evening.go_on(6_000)

    assert evening.player.true_position == 4.8
    assert not evening.player.playing


def test_a_pause_before_the_start_calls_it_off():
    evening = Evening(playing(at=NOW + 1_000))
    evening.go_on(500)
    evening.tell(Timeline(position=0, at=NOW + 500))
    evening.go_on(3_000)

    assert evening.player.true_position == 0


def test_a_seek_is_landed_where_the_room_is_by_then():
    evening = Evening(playing())
    evening.go_on(5_000)
    evening.tell(playing(position=600, at=NOW + 5_000))
    evening.go_on(5_300)

    assert evening.error == pytest.approx(0, abs=2)


def test_a_change_of_rate_is_followed_at_once():
    evening = Evening(playing())
    evening.go_on(5_000)
    evening.tell(playing(position=5, at=NOW + 5_000, rate=2))
    evening.go_on(7_000)

    assert evening.player.rate == 2
    assert evening.error == pytest.approx(0, abs=20)


def test_the_same_room_seen_anew_moves_nothing():
    evening = Evening(playing())
    evening.go_on(5_000)
    before = evening.error
    evening.tell(playing(position=5.0, at=NOW + 5_000))
    evening.go_on(6_000)

    assert evening.error == pytest.approx(before, abs=2)


def test_how_it_is_doing_is_told_every_five_seconds_and_when_it_changes():
    evening = Evening(playing())
    reporter = Reporter(evening.follower)
    told = []

    def report():
        said = reporter.report(evening.timeline, evening.server_now, evening.passed)
        told.append(said and said["state"])

    evening.go_on(1_000)
    report()
    evening.go_on(5_900)
    report()
    evening.go_on(6_000)
    report()
    evening.player.stall(500)
    report()

    assert told == ["ready", None, "ready", "buffering"]


def test_a_new_connection_is_told_anew():
    evening = Evening(playing())
    reporter = Reporter(evening.follower)
    reporter.report(evening.timeline, evening.server_now, evening.passed)
    assert not reporter.report(evening.timeline, evening.server_now, evening.passed)
    reporter.start_over()

    assert reporter.report(evening.timeline, evening.server_now, evening.passed)


def test_no_rate_is_told_that_the_protocol_has_no_word_for():
    evening = Evening(playing(rate=4))
    evening.player.set_rate(4.2)
    told = Reporter(evening.follower).report(evening.timeline, evening.server_now, 0)

    assert told["rate"] == 4
