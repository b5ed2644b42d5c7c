"""`manage.py setup`: what a new installation needs. Running it again changes nothing."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import IntegrityError

NAME = "admin"
DEVELOPMENT_PASSWORD = "admin123"


class Command(BaseCommand):
    help = "Migrate the database, and make the first administrator if there is none."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=options["verbosity"])
        people = get_user_model().objects
        if people.filter(is_superuser=True).exists():
            return
        if people.filter(username=NAME).exists():
            self.stderr.write(
                f'There is no administrator, and a user "{NAME}" who is none; '
                "make one: python manage.py createsuperuser"
            )
            return
        self._make_admin(DEVELOPMENT_PASSWORD if settings.DEBUG else secrets.token_urlsafe(15))

    def _make_admin(self, password: str) -> None:
        try:
            get_user_model().objects.create_superuser(username=NAME, password=password)
        except IntegrityError:
            # Another process was faster, and has told its password.
            return
        self.stdout.write(f"Made the administrator: {NAME} / {password}")
        self.stdout.write(
            "That password is for development: with DEBUG off a random one is made."
            if settings.DEBUG
            else "Keep it, it is not shown again. To change it: manage.py changepassword admin"
        )
