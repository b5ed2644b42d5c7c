"""Which page a path leads to."""

from django.urls import path
from django.views.generic import RedirectView

from syncplay_backend.pages.front import front
from syncplay_backend.pages.room import room
from syncplay_backend.pages.tags import web

# Browsers ask for this one wherever a page names none: the admin, and JSON.
icon = RedirectView.as_view(url=web("icons/icon.svg"))
to_room = RedirectView.as_view(pattern_name="room", query_string=True)

urlpatterns = [
    path("", front, name="front"),
    path("room/<str:room_id>", room, name="room"),
    path("room/<str:room_id>/", to_room),
    path("favicon.ico", icon),
]
