"""The leases of connections, and the deadlines of places: who is due, and who goes on.

Each statement stands in a transaction of its own and takes session rows only, by id.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from syncplay_backend.domain import limits
from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.models import Room, RoomSession, User

DUE_AT_ONCE = 200

Leased = list[tuple[UUID, UUID, UUID]]  # room, member, connection


def renew(channel: str, now: int) -> Leased:
    """Renew every lease of a process. The answer is all of its connections that have a row."""
    with transaction.atomic():
        mine = RoomSession.objects.filter(channel_name=channel).order_by("id")
        free = mine.select_for_update(skip_locked=True).values_list("id", flat=True)
        RoomSession.objects.filter(id__in=list(free)).update(
            lease_until=now + limits.LEASE,
            # it may have been opened since: `now` is read before the writer's turn comes
            last_activity=Greatest(F("connected_at"), to_datetime(now)),
        )
        return list(mine.values_list("room_id", "user_id", "id"))


def hand_over(channel: str, now: int) -> int:
    """A process ends: its members are given the grace to come back through another one."""
    with transaction.atomic():
        mine = RoomSession.objects.filter(channel_name=channel).order_by("id")
        ids = list(mine.select_for_update(skip_locked=True).values_list("id", flat=True))
        return RoomSession.objects.filter(id__in=ids).update(lease_until=now + limits.GRACE)


def see(channel: str, now: int) -> None:
    """Whoever is connected to this process has just been seen."""
    with transaction.atomic():
        here = User.objects.filter(sessions__channel_name=channel).order_by("id").distinct()
        ids = list(here.values_list("id", flat=True))
        free = User.objects.filter(id__in=ids).order_by("id").select_for_update(skip_locked=True)
        User.objects.filter(id__in=[user.id for user in free]).update(last_seen=to_datetime(now))


def run_out(now: int) -> Leased:
    """The connections whose lease nobody renewed."""
    due = RoomSession.objects.filter(lease_until__lte=now).order_by("lease_until")
    return list(due.values_list("room_id", "user_id", "id")[:DUE_AT_ONCE])


def waited_enough(now: int) -> list[UUID]:
    """The rooms whose wait for somebody ends by now."""
    due = Room.objects.filter(wait_until__lte=now).order_by("wait_until")
    return list(due.values_list("id", flat=True)[:DUE_AT_ONCE])


def given_up(now: int) -> list[tuple[UUID, UUID]]:
    """(room, member) of the places that are to be given up by now."""
    due = User.objects.filter(away_until__lte=now).order_by("away_until")
    return list(due.values_list("room_id", "id")[:DUE_AT_ONCE])
