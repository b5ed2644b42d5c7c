"""The evening that is simulated: twenty people, on good and on bad lines, and what befalls them."""

from functools import partial
from random import Random
from uuid import UUID

from syncplay_client.player import Latency, Manners

from tests.simulation.member import Character
from tests.simulation.network import weather
from tests.simulation.server import ALICES_KEY
from tests.simulation.stage import SECOND, Stage

MEMBERS = 20
LENGTH = 150 * SECOND
ROUND_TRIPS = (20.0, 400.0)  # ms, from the best line to the worst
JITTER = (5.0, 40.0)
ASYMMETRY = 10.0  # ms, at most: what no clock can see costs half of it
BUFFERS, COMES_AND_GOES, COMES_LATE = "Viewer 7", "Viewer 11", "Viewer 19"


def cast(seed: int, asymmetry: float = ASYMMETRY) -> list[Character]:
    """Alice, and nineteen viewers."""
    dice = Random(seed)
    return [_character(number, asymmetry, dice) for number in range(MEMBERS)]


def _character(number: int, asymmetry: float, dice: Random) -> Character:
    least, most = ROUND_TRIPS
    round_trip = least * (most / least) ** (number / (MEMBERS - 1))
    unlike = min(asymmetry, round_trip / 4)
    manners = Manners(
        start=Latency(dice.uniform(20, 90), 15),
        seek=Latency(dice.uniform(50, 180), 25),
        turn=Latency(20, 10),
    )
    return Character(
        name=f"Viewer {number}" if number else "Alice",
        key=ALICES_KEY if number == 0 else str(UUID(int=dice.getrandbits(128), version=4)),
        weather=weather(round_trip, dice.uniform(-unlike, unlike), dice.uniform(*JITTER)),
        clock_off=dice.uniform(-2 * SECOND, 2 * SECOND),
        clock_drift=dice.uniform(-50, 50),
        player_drift=dice.uniform(-50, 50),
        manners=manners,
        seed=dice.getrandbits(32),
    )


def evening(
    seed: int, *, late_guest: bool = True, mishaps: bool = True, asymmetry: float = ASYMMETRY
) -> Stage:
    """Everything that happens; the run is still to come."""
    stage = Stage(LENGTH)
    dice = Random(f"{seed} arrivals")
    for character in cast(seed, asymmetry):
        comes = dice.uniform(0, 3 * SECOND)
        if character.name != COMES_LATE:
            stage.add(character, comes)
        elif late_guest:
            stage.add(character, 62 * SECOND)
    _command(stage, 8, "play", position=0.0)
    _command(stage, 30, "pause")
    _command(stage, 34, "play")
    _command(stage, 50, "seek", position=600.0)
    _command(stage, 84, "seek", position=300.0)
    _command(stage, 110, "rate", rate=1.5)
    _command(stage, 115, "rate", rate=1.0)
    _command(stage, 120, "pause")
    _command(stage, 123, "seek", position=1_200.5)
    _command(stage, 126, "play")
    if mishaps:
        buffering, guest = stage.members[BUFFERS], stage.members[COMES_AND_GOES]
        stage.at(70 * SECOND, partial(stage.stall, buffering, 6 * SECOND))
        stage.at(92 * SECOND, guest.vanish)
        stage.at(104 * SECOND, guest.come)
    return stage


def _command(stage: Stage, second: float, kind: str, **data: object) -> None:
    alice = stage.members["Alice"]
    stage.at(second * SECOND, partial(alice.command, kind, **data))
