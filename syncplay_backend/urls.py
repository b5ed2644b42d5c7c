"""Which door a path leads to."""

from django.contrib import admin
from django.urls import include, path

from syncplay_backend.api import urls as api
from syncplay_backend.api.views import Nothing
from syncplay_backend.ops.health import health

urlpatterns = [
    path("api/health/", health, name="health"),
    path("api/", include(api)),
    path("api", Nothing.as_view()),
    path("admin/", admin.site.urls),
    path("", include("syncplay_backend.pages.urls")),
]

handler400 = "syncplay_backend.api.handlers.bad_request"
handler404 = "syncplay_backend.pages.failures.not_found"
handler500 = "syncplay_backend.api.handlers.server_error"
