"""What `manage.py check --deploy` asks on top of Django's own questions."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import Error as DatabaseTrouble

from syncplay_backend.ops.management.commands.setup import DEVELOPMENT_PASSWORD


@register(Tags.security, deploy=True)
def nobody_logs_in_with_the_password_of_the_documentation(
    app_configs: Sequence[AppConfig] | None, **_options: object
) -> list[CheckMessage]:
    if settings.DEBUG:
        return []
    try:
        people = list(get_user_model().objects.filter(is_active=True, is_staff=True))
    except DatabaseTrouble as trouble:
        return [
            Warning(
                f"The admin's passwords could not be checked: {trouble}".strip(),
                hint="Migrate, or see that the database runs, and check again.",
                id="syncplay.W002",
            )
        ]
    return [
        Error(
            f"{person.get_username()!r} can log in to the admin with {DEVELOPMENT_PASSWORD!r}.",
            hint=f"python manage.py changepassword {person.get_username()}",
            id="syncplay.E001",
        )
        for person in people
        if check_password(DEVELOPMENT_PASSWORD, person.password)
    ]


@register(Tags.security, deploy=True)
def cookies_travel_encrypted(
    app_configs: Sequence[AppConfig] | None, **_options: object
) -> list[CheckMessage]:
    if settings.DEBUG or settings.BEHIND_TLS:
        return []
    return [
        Warning(
            "The admin's cookies are sent over plain http too.",
            hint="Behind a proxy that speaks TLS, name the site's https:// origin in "
            "CSRF_TRUSTED_ORIGINS. On a network that you trust this is as it must be.",
            id="syncplay.W001",
        )
    ]
