from random import Random

import pytest
from syncplay_client.drift import State
from syncplay_client.player import Latency, Manners, VirtualPlayer

PROMPT = Manners(start=Latency(50), seek=Latency(100), turn=Latency(20), coarseness=0)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def player(clock):
    return VirtualPlayer(clock, PROMPT, Random(1))


def test_it_starts_a_moment_after_it_was_told_to(clock, player):
    player.play()
    clock.now = 50
    assert player.true_position == 0
    clock.now = 1_050

    assert player.true_position == pytest.approx(1)


def test_while_it_starts_it_is_busy(clock, player):
    player.play()

    assert player.state is State.BUSY
    clock.now = 51
    assert player.state is State.READY


def test_a_pause_is_at_once(clock, player):
    player.play()
    clock.now = 1_050
    player.pause()
    clock.now = 9_000

    assert player.true_position == pytest.approx(1)


def test_a_jump_takes_its_time_and_goes_on_from_there(clock, player):
    player.play()
    clock.now = 1_050
    player.seek(100)
    clock.now = 1_150
    assert player.true_position == 100
    clock.now = 2_150

    assert player.true_position == pytest.approx(101)


def test_a_new_rate_takes_hold_a_little_later(clock, player):
    player.play()
    clock.now = 1_050
    player.set_rate(2)
    clock.now = 2_070

    assert player.rate == 2
    assert player.true_position == pytest.approx(1 + 0.02 + 2)


def test_a_stall_holds_it(clock, player):
    player.play()
    clock.now = 1_050
    player.stall(3_000)
    clock.now = 4_000
    assert player.state is State.BUFFERING
    assert player.ahead == 0
    clock.now = 5_050

    assert player.true_position == pytest.approx(2)


def test_the_position_that_it_tells_is_a_little_off(clock):
    player = VirtualPlayer(clock, Manners(coarseness=4), Random(1))
    player.play()
    clock.now = 10_000
    told = [player.position - player.true_position for _ in range(100)]

    assert 0 < max(map(abs, told)) <= 0.004
