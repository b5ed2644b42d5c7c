"""Which page a path leads to."""

from django.urls import path
from django.views.generic import RedirectView

from syncplay_backend.pages.views import front

# Browsers ask for this one wherever a page names none: the admin, and JSON.
icon = RedirectView.as_view(url="/static/pages/icon.svg")

urlpatterns = [path("", front, name="front"), path("favicon.ico", icon)]
