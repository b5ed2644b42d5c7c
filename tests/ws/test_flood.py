"""How much one socket may say."""

import pytest

from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import Code, Refused
from syncplay_backend.domain.limits import COMMAND, FLOOD, FRAME_BYTES, GUESS_PASSWORD
from syncplay_backend.live.clock import clock
from syncplay_backend.live.limiter import limiter
from syncplay_backend.ws.flood import FloodGate
from tests.conftest import Connect, StartServer
from tests.peer import Peer, create_room, join_room
from tests.ws.cast import ask_to_join, fresh_key
from tests.ws.conftest import Knock

NOW = 1_700_000_000_000


@pytest.fixture
def _at_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(limiter, "enabled", True)


def test_a_text_is_let_through() -> None:
    assert FloodGate().admit("hello") == "hello"
    assert FloodGate().admit("") == ""


def test_a_binary_frame_shuts_the_gate() -> None:
    with pytest.raises(FloodGate.Shut) as shut:
        FloodGate().admit(None)

    assert (shut.value.why.code, shut.value.close) == (Code.INVALID, Close.BAD_FRAME)


@pytest.mark.parametrize("letter", ["x", "ü", "€", "\U0001f3ac"])
def test_the_bytes_of_a_frame_count_not_its_letters(letter: str) -> None:
    fitting = letter * (FRAME_BYTES // len(letter.encode()))
    assert FloodGate().admit(fitting) == fitting

    with pytest.raises(FloodGate.Shut) as shut:
        FloodGate().admit(fitting + letter)

    assert (shut.value.why.code, shut.value.close) == (Code.TOO_LARGE, Close.BAD_FRAME)


@pytest.mark.usefixtures("_at_one_instant")
def test_beyond_the_allowance_a_frame_is_told_to_wait() -> None:
    gate = FloodGate()
    for _ in range(COMMAND.burst):
        gate.admit("x")

    with pytest.raises(Refused) as refused:
        gate.admit("x")

    assert refused.value.code is Code.SLOW_DOWN
    assert refused.value.retry_after == 1 / COMMAND.per_second


@pytest.mark.usefixtures("_at_one_instant")
def test_who_does_not_wait_is_shut_out() -> None:
    gate = FloodGate()
    for _ in range(COMMAND.burst):
        gate.admit("x")
    for _ in range(FLOOD):
        with pytest.raises(Refused):
            gate.admit("x")

    with pytest.raises(FloodGate.Shut) as shut:
        gate.admit("x")

    assert (shut.value.why.code, shut.value.close) == (Code.SLOW_DOWN, Close.FLOOD)


@pytest.mark.usefixtures("_at_one_instant")
def test_who_waits_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = FloodGate()
    for round_ in range(3):
        monkeypatch.setattr(clock, "now", lambda at=NOW + round_ * 60_000: at)
        for _ in range(COMMAND.burst):
            gate.admit("x")
        for _ in range(FLOOD):
            with pytest.raises(Refused):
                gate.admit("x")


def test_without_limits_everything_is_let_through() -> None:
    gate = FloodGate()
    for _ in range(COMMAND.burst + FLOOD + 1):
        gate.admit("x")


async def test_a_flood_is_answered_then_closed(start_server: StartServer, connect: Connect) -> None:
    server = start_server(env={"RATE_LIMITS": "on"})
    hosting = create_room(server)
    alice = await connect(server, hosting)
    bob = await connect(server, join_room(server, hosting.room_id, "Bob"))
    await alice.expect("user_joined", is_online=True)

    await flood(bob)

    assert await bob.closed() == 4429
    codes = [frame["data"]["code"] for frame in bob.seen("error")]
    assert codes[0] == "slow_down"
    assert bob.seen("error")[-1]["data"]["retryAfter"] > 0
    await alice.nothing_until("user_offline")
    await alice.nothing_until("heartbeat")


async def flood(peer: Peer) -> None:
    for _ in range(COMMAND.burst + 4 * FLOOD):
        await peer.send("heartbeat")


async def test_passwords_cannot_be_guessed(start_server: StartServer, knock: Knock) -> None:
    server = start_server(env={"RATE_LIMITS": "on"})
    charlie = await knock(server, create_room(server, password="open sesame").room_id)
    codes = []
    for guess in range(GUESS_PASSWORD.burst + 2):
        await ask_to_join(charlie, fresh_key(), "Charlie", password=str(guess))
        codes.append((await charlie.expect("error"))["data"]["code"])

    assert codes[: GUESS_PASSWORD.burst] == ["wrong_password"] * GUESS_PASSWORD.burst
    assert codes[-1] == "slow_down"
    assert charlie.seen("error")[-1]["data"]["retryAfter"] > 0
    assert charlie.seen("error")[-1]["data"]["retryable"] is True
