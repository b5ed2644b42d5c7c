"""Coming back: exactly what was missed, in order; or the whole room where that cannot be told."""

from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.people import Actor
from syncplay_backend.rooms.models import Message, Room
from syncplay_backend.services.execute import answered, submit
from tests.peer import Frame, Peer, Rest
from tests.process import ServerProcess
from tests.ws.conftest import Knock
from tests.ws.intime import Evening, come_back, done, evening

TwoServers = tuple[ServerProcess, ServerProcess]
MOST_MISSED = 200


async def opening(peer: Peer) -> list[Frame]:
    """All that comes up to and with `resumed`, or a `room_update`."""
    frames = [await peer.read()]
    while frames[-1]["type"] not in {"resumed", "room_update"}:
        frames.append(await peer.read())
    return frames


async def gone(them: Evening) -> int:
    """Bob drops. Answers with the last seq that he has seen: Alice's seek."""
    await done(them.alice, "seek", position=1)
    last = (await them.bob.expect("seek"))["seq"]
    await them.bob.close()
    await them.alice.expect("user_offline")
    return int(last)


async def test_who_comes_back_is_sent_what_it_missed_in_order(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    last = await gone(them)
    await done(them.alice, "seek", position=2)
    await done(them.alice, "chat", text="where are you?")
    await done(them.alice, "rate", rate=2)

    *missed, resumed = await opening(await come_back(them, them.bob, last))

    assert [frame["type"] for frame in missed] == [
        "user_offline",
        "seek",
        "chat",
        "rate",
        "user_joined",
    ]
    assert [frame["seq"] for frame in missed] == list(range(last + 1, last + 6))
    assert resumed == {"type": "resumed", "data": {"seq": last + 5}}


async def test_what_was_missed_is_what_the_others_were_sent(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    last = await gone(them)
    await done(them.alice, "seek", position=2)
    await done(them.alice, "play")

    *missed, _ = await opening(await come_back(them, them.bob, last))
    await them.alice.expect("user_joined", name="Bob")

    assert missed == numbered_after(them.alice, last)


def numbered_after(peer: Peer, last: int) -> list[Frame]:
    kinds = ("user_offline", "seek", "play", "user_joined")
    frames = [frame for kind in kinds for frame in peer.seen(kind) if frame["seq"] > last]
    return sorted(frames, key=lambda frame: int(frame["seq"]))


async def test_after_that_come_the_new_ones_without_a_gap(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    bob = await come_back(them, them.bob, await gone(them))
    *_, resumed = await opening(bob)
    seq = await done(them.alice, "seek", position=9)

    assert (await bob.read())["seq"] == seq == resumed["data"]["seq"] + 1


async def test_who_missed_nothing_is_told_so(server: ServerProcess, knock: Knock) -> None:
    """A second tab of a member who is online is no event."""
    them = await evening(knock, server)
    seq = await done(them.alice, "seek", position=1)
    tab = await come_back(them, them.bob, seq)

    assert await opening(tab) == [{"type": "resumed", "data": {"seq": seq}}]


async def test_who_comes_back_is_where_the_room_is(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    last = await gone(them)
    await done(them.alice, "seek", position=50)
    await done(them.alice, "play")

    *missed, _ = await opening(await come_back(them, them.bob, last))
    [play] = [frame for frame in missed if frame["type"] == "play"]

    assert (play["data"]["position"], play["data"]["isPlaying"]) == (50, True)


@pytest.mark.parametrize("missing", [MOST_MISSED, MOST_MISSED + 1])
async def test_up_to_two_hundred_events_are_brought(
    server: ServerProcess, knock: Knock, missing: int
) -> None:
    them = await evening(knock, server)
    first = them.room["seq"] + 1
    alice = Actor(member_id=UUID(them.alice.public_id))
    seeks = [submit(UUID(them.room_id), c.Seek(float(n)), alice) for n in range(missing)]
    await answered(seeks[-1])

    frames = await opening(await come_back(them, them.bob, first - 1))

    if missing == MOST_MISSED:
        assert [frame["seq"] for frame in frames[:-1]] == list(range(first, first + missing))
    else:
        assert [frame["type"] for frame in frames] == ["room_update"]
        assert frames[0]["data"]["seq"] == first - 1 + missing


async def test_another_epoch_is_another_room(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    frames = await opening(await come_back(them, them.bob, await gone(them), str(uuid4())))

    assert [frame["type"] for frame in frames] == ["room_update"]


async def test_a_seq_that_the_room_has_not_come_to_is_not_believed(
    server: ServerProcess, knock: Knock
) -> None:
    """A backup was restored: `room_update` sets the client's seq, even downwards."""
    them = await evening(knock, server)
    [update] = await opening(await come_back(them, them.bob, 9_999))

    assert update["type"] == "room_update"
    assert update["data"]["seq"] < 9_999


async def test_what_the_log_has_no_more_cannot_be_brought(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    last = await gone(them)
    await done(them.alice, "seek", position=2)
    await database_sync_to_async(cut)(UUID(them.room_id), last + 2)

    [update] = await opening(await come_back(them, them.bob, last))
    assert update["type"] == "room_update"


def cut(room_id: UUID, first: int) -> None:
    Message.objects.filter(room_id=room_id, seq__lt=first).delete()
    Room.objects.filter(id=room_id).update(first_seq=first)


@pytest.mark.parametrize("known", [{"lastSeq": 1}, {}])
async def test_who_does_not_say_of_which_room_is_sent_the_room(
    server: ServerProcess, knock: Knock, known: dict[str, int]
) -> None:
    them = await evening(knock, server)
    peer = await knock(server, them.room_id)
    peer.key = them.bob.key
    await peer.send("join", protocol=2, **known)

    assert (await peer.read())["type"] == "room_update"


async def test_a_client_of_the_contract_is_sent_the_room_whatever_it_says(
    server: ServerProcess, knock: Knock
) -> None:
    them = await evening(knock, server)
    peer = await knock(server, them.room_id)
    peer.key = them.bob.key
    await peer.send("join", lastSeq=1, epoch=them.room["epoch"])

    assert (await peer.read())["type"] == "room_update"


@pytest.mark.parametrize("wrong", [{"lastSeq": "1"}, {"lastSeq": -1}, {"epoch": "now"}])
async def test_what_is_no_seq_and_no_epoch_is_refused(
    server: ServerProcess, knock: Knock, wrong: dict[str, object]
) -> None:
    them = await evening(knock, server)
    peer = await knock(server, them.room_id)
    peer.key = them.bob.key
    await peer.send("join", protocol=2, **wrong)

    assert set((await peer.expect_error("invalid"))["data"]["errors"]) == set(wrong)


async def test_one_comes_back_through_another_process(
    two_servers: TwoServers, knock: Knock
) -> None:
    them = await evening(knock, two_servers[0])
    last = await gone(them)
    await done(them.alice, "seek", position=2)
    them.server = two_servers[1]

    *missed, _ = await opening(await come_back(them, them.bob, last))

    assert [frame["seq"] for frame in missed] == list(range(last + 1, last + 4))
    room = Rest(two_servers[1]).get(f"/api/rooms/{them.room_id}/").body["room"]
    assert room["seq"] == missed[-1]["seq"]
