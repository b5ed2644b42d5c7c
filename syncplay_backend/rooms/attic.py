"""What is old: rooms to be deleted, sessions that nobody renews, the far end of the logs.

Everything is deleted in small transactions, so that nobody waits for it.
"""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from syncplay_backend.rooms.instants import to_datetime
from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.leases import Leased
from syncplay_backend.rooms.models import Message, Receipt, Room, RoomSession, User

AT_ONCE = 500
KEPT_EVENTS = 1_000
KEPT_FOR = 24 * 3_600_000  # ms


def unused_rooms(quiet_since: int) -> list[tuple[UUID, str]]:
    """Old, quiet, and without a session: even a stale one ends first, and that is an event."""
    sessions = RoomSession.objects.filter(room_id=OuterRef("id"))
    rooms = Room.objects.filter(
        ~Exists(sessions), created_at__lte=to_datetime(quiet_since), active_at__lte=quiet_since
    )
    return list(rooms.order_by("created_at").values_list("id", "name"))


def stale_sessions(before: int) -> Leased:
    rows = RoomSession.objects.filter(lease_until__lt=before).order_by("id")
    return list(rows.values_list("room_id", "user_id", "id"))


def delete_some(room_id: UUID) -> bool:
    """Delete a part of a closed room. False: nothing is left of it."""
    with transaction.atomic():
        if not Room.objects.select_for_update().filter(id=room_id, closed_at__isnull=False):
            return False
        for kind in (Message, Receipt, RoomSession, User):
            ids = kind._default_manager.filter(room_id=room_id).order_by("pk")
            some = list(ids.values_list("pk", flat=True)[:AT_ONCE])
            if some:
                kind._default_manager.filter(pk__in=some).delete()
                return True
        Room.objects.filter(id=room_id).delete()
    return False


def long_logs() -> list[UUID]:
    rooms = Room.objects.filter(seq__gte=F("first_seq") + KEPT_EVENTS)
    return list(rooms.values_list("id", flat=True))


def cut_log(room_id: UUID, now: int) -> None:
    """Cut at the old end only: the newest 1,000 events stay, and whatever is of the last day."""
    with transaction.atomic():
        room = Room.objects.select_for_update(skip_locked=True).filter(id=room_id).first()
        if room is None:
            return
        young = Message.objects.filter(room=room, timestamp__gte=to_datetime(now - KEPT_FOR))
        first_young = young.order_by("seq").values_list("seq", flat=True).first()
        first_kept = min(room.seq - KEPT_EVENTS + 1, first_young or room.seq + 1)
        if first_kept > room.first_seq:
            Message.objects.filter(Q(room=room), seq__lt=first_kept).delete()
            Room.objects.filter(id=room_id).update(first_seq=first_kept)


def begin_new_epoch(after: UUID | None) -> list[UUID]:
    """Say of the next rooms, by id, that their logs are not the ones that anybody knew."""
    with transaction.atomic():
        rooms = Room.objects.select_for_update().order_by("id")
        if after is not None:
            rooms = rooms.filter(id__gt=after)
        ids = list(rooms.values_list("id", flat=True)[:AT_ONCE])
        Room.objects.filter(id__in=ids).update(epoch=uuid4(), stamp=new_stamp())
    return ids


def forget_receipts(now: int) -> None:
    """Nobody sends a command again after a day."""
    with transaction.atomic():
        Receipt.objects.filter(at__lt=now - KEPT_FOR).delete()
