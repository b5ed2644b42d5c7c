"""What Django answers without a view of ours, as pages."""

from django.http import HttpRequest, HttpResponse

from syncplay_backend.pages.door import NOWHERE, refusal
from syncplay_backend.pages.languages import remember


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    response = refusal(request, NOWHERE)
    remember(request, response)
    return response
