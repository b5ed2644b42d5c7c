"""When the video starts: at an instant that lies far enough ahead for everybody to be told."""

from syncplay_backend.domain import limits
from syncplay_backend.domain.people import Actor, Member, State
from syncplay_backend.domain.state import Room


def start_of_play(room: Room, actor: Actor, now: int) -> int:
    """The instant (ms) of a start that the actor causes.

    A player that knows no clock has begun already: half its round trip before we heard of it.
    """
    if actor.head_start is not None:
        return now - actor.head_start
    return now + lead(room)


def lead(room: Room) -> int:
    """How far ahead (ms) a start must be scheduled so that all are told in time.

    A whole round trip, since the way there may be slower than the way back. One member on a bad
    line does not hold up the rest: beyond 300 ms the second worst decides, and who is told too
    late starts in the middle and loses nothing. Whoever would not notice does not count.
    """
    known = (_round_trip(member) for member in room.members.values())
    trips = sorted(trip for trip in known if trip is not None)
    worst, second = (trips[-1:] or [0])[0], (trips[-2:-1] or [0])[0]
    covered = min(worst, max(second, limits.COVERED_TRIP))
    return min(max(covered, limits.LEAST_LEAD), limits.MOST_LEAD)


def _round_trip(member: Member) -> int | None:
    """The slowest of a member's players that would notice (ms)."""
    trips = [
        connection.round_trip
        for connection in member.connections
        if connection.precise
        and connection.round_trip is not None
        and connection.state is not State.HIDDEN
    ]
    return max(trips, default=None)
