"""Rooms, their people, their log and their sockets, with the field names of the contract.

Nothing is set by the database or by `save()`: the road sets every instant from its own `now`.
Instants that only the server looks at are whole milliseconds since 1970 (`…_at`, `…_until`).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from syncplay_backend.domain import limits
from syncplay_backend.domain.people import Role
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
    active_at = models.BigIntegerField(default=0)
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            # the list of public rooms, newest first
            models.Index(
                fields=["-created_at", "-id"],
                name="public_rooms",
                condition=Q(visibility="public", closed_at=None),
            ),
            # cleanup: rooms in which nothing happened for long
            models.Index(fields=["active_at"], name="quiet_rooms"),
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
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    user_id = models.UUIDField(null=True)  # no foreign key: people leave, the log stays
    message_type = models.CharField(max_length=32)
    data = models.JSONField()
    timestamp = models.DateTimeField()

    seq = models.BigIntegerField()
    origin = models.UUIDField(null=True)  # the connection that it came through

    class Meta:
        ordering = ("room", "seq")
        constraints = (models.UniqueConstraint(fields=["room", "seq"], name="one_event_a_seq"),)
        indexes = (
            # the history, of one type
            models.Index(fields=["room", "message_type", "seq"], name="history_by_type"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.message_type}"


class RoomSession(models.Model):
    """A socket of a member, for as long as its process renews the lease."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="sessions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    channel_name = models.CharField(max_length=100, db_index=True)
    connected_at = models.DateTimeField()
    last_activity = models.DateTimeField()

    lease_until = models.BigIntegerField(db_index=True)

    class Meta:
        ordering = ("connected_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(last_activity__gte=F("connected_at")), name="active_since_connected"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} on {self.channel_name}"
