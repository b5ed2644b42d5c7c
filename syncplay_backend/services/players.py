"""What players tell of themselves, and what is told of them: none of it numbered, none kept."""

from collections.abc import Callable
from concurrent.futures import Future
from uuid import UUID

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire
from syncplay_backend.domain.people import Actor, State
from syncplay_backend.domain.views import MemberSync, SyncView
from syncplay_backend.live.clock import clock
from syncplay_backend.live.connection import Connection as Visit
from syncplay_backend.live.telemetry import Reading, Telemetry, percentile
from syncplay_backend.services.execute import submit
from syncplay_backend.services.road import Outcome
from syncplay_backend.services.upkeep import current, running


def heartbeat() -> str:
    return wire.heartbeat(clock.now())


def time(t0: float, heard_at: float) -> Callable[[], str]:
    """The answer to a `time` frame, to be stamped when it is sent."""
    return lambda: wire.time(t0, heard_at, clock.precise())


def report(visit: Visit, status: wire.StatusFrame) -> None:
    """Note how a member's player is. Where its state changes, the room may have to wait for it."""
    if visit.member_id is None:
        return
    reading = Reading(
        member_id=visit.member_id,
        connection_id=visit.id,
        at=clock.now(),
        state=status.state,
        position=status.position,
        rate=status.rate,
        offset=status.offset,
        round_trip=visit.line.round_trip(),
    )
    current().telemetry.note(visit.room_id, reading)
    state = State(status.state)
    if state is not visit.state:
        _change_state(visit, state)


def _change_state(visit: Visit, state: State) -> None:
    visit.state = state
    actor = Actor(member_id=visit.member_id, connection_id=visit.id)
    told = submit(visit.room_id, c.Report(visit.id, state), actor)
    told.add_done_callback(lambda done: _unless_refused(visit, done))


def _unless_refused(visit: Visit, done: "Future[Outcome]") -> None:
    if done.exception() is not None:
        visit.state = State.UNKNOWN  # the next status tries again


def tell_typing(visit: Visit, is_typing: bool) -> None:
    if visit.member_id is not None:
        current().tell_typing(visit.room_id, visit.member_id, is_typing)


def sync_of(room_id: UUID) -> SyncView | None:
    """How well a room is in sync, as its members measure it; None: this process has not heard."""
    process = running()
    if process is None:
        return None
    telemetry = process.telemetry
    readings = telemetry.of_room(room_id, clock.now())
    if not readings:
        return None
    together = [d for reading in readings for d in telemetry.distances(reading.member_id)]
    return SyncView(
        p50=percentile(together, 0.5),
        p95=percentile(together, 0.95),
        members=[_member_sync(reading, telemetry) for reading in readings],
    )


def _member_sync(reading: Reading, telemetry: Telemetry) -> MemberSync:
    distances = telemetry.distances(reading.member_id)
    return MemberSync(
        id=reading.member_id,
        state=reading.state,
        offset=reading.offset,
        p50=percentile(distances, 0.5),
        p95=percentile(distances, 0.95),
    )
