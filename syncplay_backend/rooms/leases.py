"""The leases of connections, and the deadlines of places: who is due, and who goes on.

Each statement stands in a transaction of its own and takes session rows only, by id.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, models, transaction

from syncplay_backend.domain import limits
from syncplay_backend.rooms.bulk import adapted, document, instant, is_postgresql
from syncplay_backend.rooms.models import Room, RoomSession, User

DUE_AT_ONCE = 200

Leased = list[tuple[UUID, UUID, UUID]]  # room, member, connection


def renew(ids: Collection[UUID], now: int) -> None:
    """Renew the leases of these connections."""
    # it may have been opened since: `now` is read before the writer's turn comes
    active = f"{'greatest' if is_postgresql() else 'max'}(connected_at, %s)"
    change = f"lease_until = %s, last_activity = {active}"
    _update(RoomSession, change, [now + limits.LEASE, instant(now)], ids)


def see(ids: Collection[UUID], now: int) -> None:
    """These members have just been seen."""
    _update(User, "last_seen = %s", [instant(now)], ids)


def _update(
    model: type[models.Model],
    change: str,
    values: list[int | datetime | str],
    ids: Collection[UUID],
) -> None:
    """In one statement, by id; whoever has locked one of the rows is not waited for."""
    table = f'"{model._meta.db_table}"'
    update = f"UPDATE {table} SET {change} WHERE id IN"
    with connection.cursor() as cursor:
        if is_postgresql():
            free = f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED"
            locking = f"WITH free AS MATERIALIZED ({free})"
            cursor.execute(f"{locking} {update} (SELECT id FROM free)", [list(ids), *values])
        else:
            kept = document([adapted(id) for id in ids])
            cursor.execute(f"{update} (SELECT value FROM json_each(%s))", [*values, kept])


def differences(channel: str, ids: Collection[UUID]) -> tuple[set[UUID], Leased]:
    """Of these connections those without a row; and a process's rows that are none of them."""
    here = {adapted(id): id for id in ids}
    kept = _kept_by(channel)
    missing = {here[id] for id in here.keys() - kept}
    strangers = RoomSession.objects.filter(id__in=kept - here.keys())
    return missing, list(strangers.values_list("room_id", "user_id", "id"))


def _kept_by(channel: str) -> set[UUID | str]:
    """The ids of a process's connections, as the database keeps them."""
    with connection.cursor() as cursor:
        table = f'"{RoomSession._meta.db_table}"'
        cursor.execute(f"SELECT id FROM {table} WHERE channel_name = %s", [channel])
        return {id for (id,) in cursor.fetchall()}


def hand_over(channel: str, now: int) -> int:
    """A process ends: its members are given the grace to come back through another one."""
    with transaction.atomic():
        mine = RoomSession.objects.filter(channel_name=channel).order_by("id")
        ids = list(mine.select_for_update(skip_locked=True).values_list("id", flat=True))
        return RoomSession.objects.filter(id__in=ids).update(lease_until=now + limits.GRACE)


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
