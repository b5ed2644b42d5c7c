"""`manage.py new_epoch`: to be run once after a database was restored from a backup."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseTrouble

from syncplay_backend.domain.errors import Refused
from syncplay_backend.services import housekeeping


class Command(BaseCommand):
    help = (
        "Run it after restoring the database from a backup. Clients may have seen events that the "
        "backup does not have; with a new epoch they take every room as it is now."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = housekeeping.begin_new_epoch()
        except Refused as refused:
            raise CommandError(f"{refused.message} (Run it again, from the start.)") from refused
        except DatabaseTrouble as trouble:
            raise CommandError(f"The database failed: {trouble}") from trouble
        rooms = "1 room" if count == 1 else f"{count} rooms"
        self.stdout.write(f"Began a new epoch in {rooms}: their clients will read them afresh.")
