"""Which socket a path leads to."""

from channels.routing import URLRouter
from django.urls import path, re_path

from syncplay_backend.ws.socket import serve, serve_nothing

# Channels routes ASGI applications where Django's stubs expect views.
router = URLRouter(
    [
        path("ws/room/<str:room_id>/", serve),  # type: ignore[arg-type,list-item]
        re_path("", serve_nothing),  # type: ignore[arg-type,list-item]
    ]
)
