from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "syncplay_backend.ops"
    label = "ops"
    verbose_name = "Operations"

    def ready(self) -> None:
        # Importing it registers the checks.
        from syncplay_backend.ops import checks  # noqa: F401
