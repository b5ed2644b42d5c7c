"""Rooms, their people, their log and their sockets, with the field names of the contract.

Nothing is set by the database or by `save()`: the road sets every instant from its own `now`.
Instants that only the server looks at are whole milliseconds since 1970 (`…_at`, `…_until`).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from syncplay_backend.domain import limits
from syncplay_backend.domain.people import Pace, Role, State
from syncplay_backend.domain.state import Visibility


class Room(models.Model):
    """A room as it stands. The video is at `current_position` at instant `anchored_at`, and moves
    on at `playback_rate` while `is_playing`: where it is now is computed, never ticked."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=limits.NAME_LENGTH)
    host_id = models.UUIDField(null=True)
    current_video_url = models.CharField(max_length=limits.URL_LENGTH, blank=True)
    current_video_title = models.CharField(max_length=limits.TITLE_LENGTH, blank=True)
    current_position = models.FloatField(default=0)
    is_playing = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    anchored_at = models.BigIntegerField(default=0)
    playback_rate = models.FloatField(default=1)
    visibility = models.CharField(
        max_length=8, choices=[(v.value, v.value) for v in Visibility], default="public"
    )
    password_hash = models.CharField(max_length=128, blank=True)
    settings = models.JSONField(default=dict)
    seq = models.BigIntegerField(default=0)
    control_seq = models.BigIntegerField(default=0)
    first_seq = models.BigIntegerField(default=1)  # the oldest event that the log still has
    epoch = models.UUIDField(default=uuid4)  # another one: the log is not the one you knew
    stamp = models.BigIntegerField(default=0)  # another one: the room is not as you knew it
    active_at = models.BigIntegerField(default=0)
    closed_at = models.BigIntegerField(null=True)
    waiting = models.JSONField(null=True)  # for whom, since when, and until when for each
    wait_until = models.BigIntegerField(null=True)  # the first of these

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            # the list of public rooms, newest first
            models.Index(
                fields=["-created_at", "-id"],
                name="public_rooms",
                condition=Q(visibility="public", closed_at=None),
            ),
            # the sweep: waits that end by now
            models.Index(
                fields=["wait_until"], name="waits", condition=Q(wait_until__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name


class User(models.Model):
    """A person in one room: a member. `id` is the public id; of the key there is only a hash."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="users")
    name = models.CharField(max_length=limits.NAME_LENGTH)
    is_host = models.BooleanField(default=False)
    is_online = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    name_key = models.CharField(max_length=4 * limits.NAME_LENGTH)  # folded: may be longer
    role = models.CharField(max_length=9, choices=[(r.value, r.value) for r in Role])
    key_hash = models.BinaryField(max_length=32)
    key_used = models.BooleanField(default=False)
    address = models.CharField(max_length=64, blank=True)
    away_until = models.BigIntegerField(null=True)
    pace = models.CharField(
        max_length=11, choices=[(p.value, p.value) for p in Pace], default=Pace.LOADING.value
    )
    stalls_until = models.BigIntegerField(default=0)
    last_seen = models.DateTimeField(null=True)

    class Meta:
        ordering = ("joined_at",)
        constraints = (
            models.UniqueConstraint(fields=["room", "name_key"], name="one_name_in_a_room"),
            models.UniqueConstraint(fields=["room", "key_hash"], name="one_key_in_a_room"),
            models.UniqueConstraint(
                fields=["room"], name="one_host_in_a_room", condition=Q(is_host=True)
            ),
        )
        indexes = (
            # the sweep: places that are to be given up by now
            models.Index(fields=["away_until"], name="away", condition=Q(away_until__isnull=False)),
        )

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """The room's event log: one row an event, numbered without a gap."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # no index of its own: (room, seq) begins with it
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    user_id = models.UUIDField(null=True)  # no foreign key: people leave, the log stays
    message_type = models.CharField(max_length=32)
    data = models.JSONField()
    timestamp = models.DateTimeField()

    seq = models.BigIntegerField()
    origin = models.UUIDField(null=True)  # the connection that it came through
    # of a command's first event: the memory of what was done, so that it is done once
    command_id = models.CharField(max_length=limits.COMMAND_ID_LENGTH, null=True)  # noqa: DJ001
    digest = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ("room", "seq")
        constraints = (
            models.UniqueConstraint(fields=["room", "seq"], name="one_event_a_seq"),
            models.UniqueConstraint(
                fields=["room", "user_id", "command_id"],
                name="one_command_an_id",
                condition=Q(command_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.message_type}"


class Receipt(models.Model):
    """A command with an `id` that had nothing to change, and so is not in the log: sent again it
    must not change anything either, whatever has happened since."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="receipts")
    user_id = models.UUIDField()
    command_id = models.CharField(max_length=limits.COMMAND_ID_LENGTH)
    digest = models.CharField(max_length=32)
    seq = models.BigIntegerField()  # the room's, when the command came
    at = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["room", "user_id", "command_id"], name="one_receipt_a_command"
            ),
        )
        indexes = (models.Index(fields=["at"], name="old_receipts"),)  # tidying up

    def __str__(self) -> str:
        return f"{self.user_id} {self.command_id}"


class RoomSession(models.Model):
    """A socket of a member, for as long as its process renews the lease."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="sessions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    channel_name = models.CharField(max_length=100, db_index=True)
    connected_at = models.DateTimeField()
    last_activity = models.DateTimeField()

    lease_until = models.BigIntegerField(db_index=True)
    precise = models.BooleanField(default=False)
    state = models.CharField(
        max_length=9, choices=[(s.value, s.value) for s in State], default=State.UNKNOWN.value
    )
    round_trip = models.IntegerField(null=True)  # ms

    class Meta:
        ordering = ("connected_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(last_activity__gte=F("connected_at")), name="active_since_connected"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} on {self.channel_name}"
