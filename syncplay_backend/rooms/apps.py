from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "syncplay_backend.rooms"
    label = "rooms"
    verbose_name = "SyncPlay"
    default_auto_field = "django.db.models.BigAutoField"
