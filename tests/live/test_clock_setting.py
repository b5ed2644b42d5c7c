"""The clock, set right by another one: a little at a time where it is a little."""

import pytest

from syncplay_backend.live import clock as module
from syncplay_backend.live.clock import SLEW, STEP, Clock


class Machine:
    """What a machine knows of the time."""

    def __init__(self) -> None:
        self.wall = 1_700_000_000.0
        self.running = 5_000.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.running

    def run(self, seconds: float) -> None:
        self.running += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(module, "time", machine)
    return machine


START = 1_700_000_000_000


def test_it_begins_with_the_machines_own_time(machine: Machine) -> None:
    assert Clock().now() == START


def test_it_runs_as_the_machine_does(machine: Machine) -> None:
    clock = Clock()
    machine.run(12.5)
    assert clock.now() == START + 12_500


def test_a_wall_clock_that_is_set_changes_nothing(machine: Machine) -> None:
    clock = Clock()
    machine.wall += 3_600
    machine.run(1)
    assert clock.now() == START + 1_000


def test_it_knows_the_fractions_of_a_millisecond(machine: Machine) -> None:
    clock = Clock()
    machine.run(0.00025)
    assert clock.precise() == pytest.approx(START + 0.25, abs=0.001)
    assert clock.now() == START


@pytest.mark.parametrize("error", [10.0, -10.0, STEP, -STEP])
def test_a_small_error_is_worked_off_so_that_nobody_sees_a_step(
    machine: Machine, error: float
) -> None:
    clock = Clock()
    assert clock.correct(error) is False
    assert clock.precise() == pytest.approx(START, abs=0.001)
    for second in range(1, 6):
        machine.run(1)
        part = SLEW * second * (1 if error > 0 else -1)
        assert clock.precise() == pytest.approx(START + 1_000 * second + part, abs=0.01)


def test_what_is_worked_off_begins_when_it_is_known_however_long_all_was_well(
    machine: Machine,
) -> None:
    clock = Clock()
    machine.run(3_600)
    clock.correct(10)
    assert clock.precise() == pytest.approx(START + 3_600_000, abs=0.001)
    machine.run(1)
    assert clock.precise() == pytest.approx(START + 3_601_000 + SLEW, abs=0.001)


@pytest.mark.parametrize("error", [10.0, -10.0])
def test_it_is_worked_off_once(machine: Machine, error: float) -> None:
    clock = Clock()
    clock.correct(error)
    machine.run(3_600)
    assert clock.precise() == pytest.approx(START + 3_600_000 + error, abs=0.01)
    machine.run(3_600)
    assert clock.precise() == pytest.approx(START + 7_200_000 + error, abs=0.01)


def test_a_newer_measurement_replaces_what_was_still_to_be_worked_off(machine: Machine) -> None:
    clock = Clock()
    clock.correct(200)
    clock.correct(0)
    machine.run(3_600)
    assert clock.precise() == pytest.approx(START + 3_600_000, abs=0.01)


def test_it_never_steps_back_while_it_is_slowed_down(machine: Machine) -> None:
    clock = Clock()
    clock.correct(-STEP)
    seen = []
    for _ in range(1_000):
        machine.run(0.0005)
        seen.append(clock.precise())
    assert seen == sorted(seen)


@pytest.mark.parametrize("error", [STEP + 1, -STEP - 1, 3_600_000.0, -3_600_000.0])
def test_a_large_error_is_adopted_and_told(machine: Machine, error: float) -> None:
    clock = Clock()
    assert clock.correct(error) is True
    assert clock.precise() == pytest.approx(START + error, abs=0.001)


def test_after_a_step_nothing_is_left_to_be_worked_off(machine: Machine) -> None:
    clock = Clock()
    clock.correct(200)
    clock.correct(1_000)
    machine.run(3_600)
    assert clock.precise() == pytest.approx(START + 3_601_000, abs=0.6)
