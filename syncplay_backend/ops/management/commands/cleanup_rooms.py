"""`manage.py cleanup_rooms`: delete what nobody uses any more. The server does so by itself too."""

import math
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseTrouble

from syncplay_backend.domain.errors import Refused
from syncplay_backend.services import housekeeping
from syncplay_backend.services.housekeeping import Report

MOST_HOURS = 24 * 366 * 50


class Command(BaseCommand):
    help = (
        "Delete rooms that are older than so many hours, in which nobody is connected and nothing "
        "has happened since; and sessions that nobody renews."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")
        parser.add_argument(
            "--hours", type=float, default=housekeeping.HOURS, help="24 unless given; 0.5 will do"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        hours, dry_run = options["hours"], options["dry_run"]
        if not (math.isfinite(hours) and 0 < hours <= MOST_HOURS):
            raise CommandError(f"--hours {hours:g}: write a number above 0.")
        try:
            report = housekeeping.clean_up(hours=hours, dry_run=dry_run)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        except DatabaseTrouble as trouble:
            raise CommandError(f"The database failed: {trouble}") from trouble
        self._tell(report, "Would delete" if dry_run else "Deleted")

    def _tell(self, report: Report, verb: str) -> None:
        for room_id, name in report.rooms:
            self.stdout.write(f"{verb} room {room_id} {name}")
        rooms, sessions = len(report.rooms), report.sessions
        self.stdout.write(
            f"{verb} {_count(rooms, 'room')} and {_count(sessions, 'stale session')}."
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
