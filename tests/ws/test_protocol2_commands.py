"""Commands that are done once however often they are sent, and only on the room that was meant."""

import asyncio

import pytest

from tests.peer import Peer, Rest
from tests.process import ServerProcess
from tests.ws.cast import fresh_key
from tests.ws.conftest import Knock
from tests.ws.intime import Evening, done, evening, seat

TwoServers = tuple[ServerProcess, ServerProcess]


async def test_a_command_with_an_id_is_acked_with_the_seq_of_its_event(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    await them.alice.send("seek", command_id="cmd-1", position=5)

    own, other = await them.alice.expect("seek"), await them.bob.expect("seek")
    ack = await them.alice.expect("ack")

    assert ack == {"type": "ack", "data": {"ref": "cmd-1", "seq": own["seq"]}}
    assert own["data"]["ref"] == "cmd-1"
    assert own == other


async def test_without_an_id_there_is_no_ack(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await them.alice.send("seek", position=5)
    assert "ref" not in (await them.alice.expect("seek"))["data"]
    await them.alice.send("seek", position=6)
    await them.alice.nothing_until("seek")


async def test_a_refusal_says_to_which_command(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await them.bob.send("seek", command_id="not mine", position=5)
    assert (await them.bob.expect_error("not_allowed"))["data"]["ref"] == "not mine"
    await them.bob.send("chat", command_id="empty", text=" ")
    assert (await them.bob.expect_error("invalid"))["data"]["ref"] == "empty"


async def test_sent_again_it_is_done_once(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    seqs = []
    for _ in range(3):
        await them.alice.send("seek", command_id="again", position=5)
        seqs.append((await them.alice.expect("ack", ref="again"))["data"]["seq"])
    await them.alice.send("pause", position=7)

    assert len(set(seqs)) == 1
    await them.bob.expect("seek")
    assert (await them.bob.nothing_until("pause"))["seq"] == seqs[0] + 1


async def test_what_changed_nothing_changes_nothing_when_it_is_sent_again(
    server: ServerProcess, knock: Knock
) -> None:
    """A play while it played: sent again after a pause, it starts nothing."""
    them = await evening(knock, server)
    await done(them.alice, "play")
    await them.alice.send("play", command_id="nothing")
    first = await them.alice.expect("ack", ref="nothing")
    await done(them.alice, "pause", position=5)
    await them.alice.send("play", command_id="nothing")

    assert await them.alice.expect("ack", ref="nothing") == first
    await them.bob.expect("pause")
    await done(them.alice, "seek", position=1)
    assert (await them.bob.nothing_until("seek"))["data"]["isPlaying"] is False


async def test_later_events_do_not_change_the_first_ack(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    await them.alice.send("seek", command_id="first", position=5)
    first = await them.alice.expect("ack")
    await done(them.alice, "seek", position=9)
    await them.alice.send("seek", command_id="first", position=5)

    assert await them.alice.expect("ack") == first
    room = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]
    assert room["current_position"] == 9


async def test_sent_many_times_at_once_it_is_done_once(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await asyncio.gather(
        *(them.alice.send("chat", command_id="burst", text="once") for _ in range(10))
    )
    acks = [(await them.alice.expect("ack"))["data"] for _ in range(10)]
    assert len({ack["seq"] for ack in acks}) == 1
    await done(them.alice, "chat", text="twice")

    assert [frame["data"]["text"] for frame in them.alice.seen("chat")] == ["once", "twice"]


async def test_on_another_connection_it_is_the_same_command(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    await repeated_on_another_connection(them, server)


async def test_on_another_process_it_is_the_same_command(
    two_servers: TwoServers, knock: Knock
) -> None:
    them = await evening(knock, two_servers[0])
    await repeated_on_another_connection(them, two_servers[1])


async def repeated_on_another_connection(them: Evening, server: ServerProcess) -> None:
    await them.alice.send("seek", command_id="once", position=5)
    first = await them.alice.expect("ack")
    assert them.alice.seat
    tab, _ = await seat(them.knock, server, them.alice.seat)
    await tab.send("seek", command_id="once", position=5)

    assert await tab.expect("ack") == first
    await tab.send("seek", command_id="once", position=6)
    await tab.expect_error("conflict")
    await tab.send("pause", position=1)
    await them.bob.expect("seek")
    await them.bob.nothing_until("pause")


async def test_over_rest_it_is_the_same_command_too(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    seq = await send_over_rest(them, "both")
    await them.alice.send("seek", command_id="both", position=5)

    assert (await them.alice.expect("ack"))["data"] == {"ref": "both", "seq": seq}


async def send_over_rest(them: Evening, id: str) -> int:
    wish = {"user_id": them.alice.key, "type": "seek", "data": {"position": 5}, "id": id}
    answer = await asyncio.to_thread(
        Rest(them.server).post, f"/api/rooms/{them.room_id}/commands/", wish
    )
    assert answer.status == 200, answer.body
    return int(answer.body["seq"])


@pytest.mark.parametrize(
    ("kind", "data"),
    [("seek", {"position": 6}), ("play", {"position": 5}), ("chat", {"text": "5"})],
)
async def test_an_id_that_was_given_to_another_command_is_a_conflict(
    server: ServerProcess, knock: Knock, kind: str, data: dict[str, object]
) -> None:
    them = await evening(knock, server)
    await them.alice.send("seek", command_id="taken", position=5)
    await them.alice.expect("ack")

    await them.alice.send(kind, command_id="taken", **data)

    assert (await them.alice.expect_error("conflict"))["data"]["ref"] == "taken"
    await them.alice.send("pause", position=1)
    await them.alice.nothing_until("pause")


async def test_two_members_may_choose_the_same_id(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    for peer in (them.alice, them.bob):
        await peer.send("chat", command_id="1", text="mine")
        await peer.expect("ack", ref="1")
    await done(them.alice, "pause", position=1)

    assert len(them.alice.seen("chat")) == 2


async def test_an_id_says_nothing_in_another_room(server: ServerProcess, knock: Knock) -> None:
    for _ in range(2):
        them = await evening(knock, server)
        await them.alice.send("seek", command_id="everywhere", position=5)
        await them.bob.expect("seek")


@pytest.mark.parametrize("id", ["", "x" * 65, 7, {}])
async def test_what_is_no_id_is_refused(server: ServerProcess, knock: Knock, id: object) -> None:
    them = await evening(knock, server)
    await them.alice.send("seek", command_id=id, position=5)  # type: ignore[arg-type]

    assert set((await them.alice.expect_error("invalid"))["data"]["errors"]) == {"id"}


async def test_one_is_sent_what_one_did_in_order_and_without_a_gap(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    refs = [fresh_key() for _ in range(12)]
    for position, ref in enumerate(refs):
        await them.alice.send("seek", command_id=ref, position=position)

    assert await told_refs(them.alice, refs) == await told_refs(them.bob, refs) == refs
    seqs = [frame["seq"] for frame in them.bob.seen("seek")]
    assert seqs == list(range(seqs[0], seqs[0] + 12))


async def told_refs(peer: Peer, refs: list[str]) -> list[str]:
    return [(await peer.expect("seek"))["data"]["ref"] for _ in refs]
