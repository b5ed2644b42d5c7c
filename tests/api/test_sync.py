"""How well a room is in sync, as its detail shows it."""

from __future__ import annotations

from tests.conftest import Connect
from tests.peer import Frame, Peer, Rest, Seat, join_room
from tests.process import ServerProcess


async def tell(peer: Peer, **status: object) -> None:
    await peer.send("status", **status)
    await peer.send("time", t0=0)
    await peer.expect("time")


def shown(server: ServerProcess, seat: Seat) -> Frame | None:
    answer = Rest(server).get(f"/api/rooms/{seat.room_id}/")
    assert answer.body.keys() == {"status", "room", "sync"}
    sync: Frame | None = answer.body["sync"]
    return sync


def test_where_nobody_has_said_anything_nothing_is_known(
    server: ServerProcess, alice: Seat
) -> None:
    assert shown(server, alice) is None


async def test_distances_are_told_for_all_and_for_each(
    server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    offsets = [12, -3, 250, -40]
    seats = [alice, *(join_room(server, alice.room_id, f"Viewer {n}") for n in range(3))]
    for seat, offset in zip(seats, offsets, strict=True):
        await tell(await connect(server, seat), state="ready", offset=offset)

    sync = shown(server, alice)

    assert sync
    assert (sync["p50"], sync["p95"]) == (12, 250)
    told = {member["id"]: member["offset"] for member in sync["members"]}
    assert told == {seat.public_id: offset for seat, offset in zip(seats, offsets, strict=True)}


async def test_of_each_member_it_is_known_where_it_is_and_how_it_has_been_lately(
    server: ServerProcess, alice: Seat, connect: Connect
) -> None:
    peer = await connect(server, alice)
    for offset in (900, -400, 7):
        await tell(peer, state="ready", offset=offset)

    sync = shown(server, alice)
    assert sync
    assert (sync["p50"], sync["p95"]) == (400, 900)
    assert sync["members"] == [
        {"id": alice.public_id, "state": "ready", "offset": 7, "p50": 400, "p95": 900}
    ]


async def test_no_key_is_told(server: ServerProcess, alice: Seat, connect: Connect) -> None:
    await tell(await connect(server, alice), state="buffering", position=3, offset=1)
    rest = Rest(server)
    rest.get(f"/api/rooms/{alice.room_id}/")

    assert alice.key not in rest.answers[0]
