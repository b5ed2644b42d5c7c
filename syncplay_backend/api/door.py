"""What all views of the REST door share: JSON in, JSON out, whatever a client says it accepts."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.http import HttpRequest
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from syncplay_backend.domain import fields
from syncplay_backend.domain.errors import Code, Refused, room_not_found
from syncplay_backend.services import limiting

T = TypeVar("T", bound=msgspec.Struct)


class Json(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *_args: Any, **_kwargs: Any) -> bytes:
        return b"" if data is None else msgspec.json.encode(data)


class AlwaysJson(BaseContentNegotiation):
    """An Accept header decides nothing: a refusal of it could not be read any better."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class Door(APIView):
    renderer_classes = (Json,)
    content_negotiation_class = AlwaysJson

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        limit = limiting.ask if request.method in SAFE_METHODS else limiting.tell
        limit(self.address)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What may be asked here stands in the Allow header, as in every answer."""
        return Response(status=204)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Nothing may be kept by a cache: answers hold keys, and positions that are true now."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def address(self) -> str:
        return str(self.request.META.get("REMOTE_ADDR", ""))

    def body(self, kind: type[T]) -> T:
        """The request's body. Raises `Refused` (`invalid`) that names what is wrong with it."""
        raw = self.request.body
        media_type = self.request.content_type.partition(";")[0].strip().lower()
        if raw and media_type != "application/json":
            raise UnsupportedMediaType(
                media_type, "Send JSON, and say so: Content-Type: application/json."
            )
        return fields.read(kind, _decoded(raw) if raw else {})

    def query(self, kind: type[T]) -> T:
        """What the URL asks for behind its `?`, where everything is text."""
        return fields.read(kind, self.request.query_params.dict(), strict=False)


def _decoded(raw: bytes) -> object:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused(Code.INVALID, "The body is no JSON.") from None


def room_id(text: str) -> UUID:
    """The id of a room in a path: what is no UUID names a room that is not there."""
    try:
        return msgspec.convert(text, UUID)
    except msgspec.ValidationError:
        raise room_not_found() from None
