"""The OpenAPI document, made of the structs that bodies are read with: it cannot fall behind."""

from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct

from syncplay_backend import __version__
from syncplay_backend.api import bodies
from syncplay_backend.domain import limits
from syncplay_backend.domain.fields import Key, Name, Password, Title, VideoUrl

Json = dict[str, Any]


class Health(Struct, frozen=True):
    """Whether the database and the channel layer answer, asked just now."""

    status: str
    version: str
    timestamp: str
    checks: dict[str, str]


class Endpoint(Struct, frozen=True, kw_only=True):
    method: str
    path: str
    summary: str
    answer: type[Struct] | None  # None: this document
    status: int = 200
    body: type[Struct] | None = None
    query: type[Struct] | None = None
    key: bool | None = None  # None: nobody's; False: of a member, where the room is not open
    refusals: tuple[int, ...] = (429, 503)


ROOM = "/api/rooms/{room}/"
SEEN = (400, 401, 404, 410, 429, 503)
COMMANDED = (400, 401, 403, 404, 410, 413, 415, 429, 503)

ENDPOINTS = (
    Endpoint(method="get", path="/api/", summary="Where to begin", answer=bodies.LinksAnswer),
    Endpoint(method="get", path="/api/schema/", summary="This document", answer=None),
    Endpoint(
        method="get",
        path="/api/health/",
        summary="Whether the server is well",
        answer=Health,
        refusals=(),
    ),
    Endpoint(
        method="get",
        path="/api/rooms/",
        summary="List the active public rooms, newest first",
        query=bodies.RoomsQuery,
        answer=bodies.RoomsAnswer,
        refusals=(400, 429, 503),
    ),
    Endpoint(
        method="post",
        path="/api/rooms/create/",
        summary="Create a room, as its host",
        body=bodies.CreateBody,
        answer=bodies.SeatAnswer,
        status=201,
        refusals=(400, 413, 415, 429, 503),
    ),
    Endpoint(
        method="post",
        path="/api/rooms/join/",
        summary="Join a room",
        body=bodies.JoinBody,
        answer=bodies.SeatAnswer,
        refusals=(400, 403, 404, 409, 410, 413, 415, 429, 503),
    ),
    Endpoint(
        method="get",
        path=ROOM,
        summary="See a room as of now",
        answer=bodies.SeenRoomAnswer,
        key=False,
        refusals=SEEN,
    ),
    Endpoint(
        method="delete",
        path=f"{ROOM}leave/",
        summary="Leave a room: all of one's connections are closed",
        body=bodies.LeaveBody,
        answer=bodies.Success,
        key=True,
        refusals=(400, 401, 404, 413, 415, 429, 503),
    ),
    Endpoint(
        method="post",
        path=f"{ROOM}control/",
        summary="Play, pause or seek",
        body=bodies.ControlBody,
        answer=bodies.RoomAnswer,
        key=True,
        refusals=COMMANDED,
    ),
    Endpoint(
        method="post",
        path=f"{ROOM}commands/",
        summary="Give any command that the socket takes",
        body=bodies.CommandBody,
        answer=bodies.CommandAnswer,
        key=True,
        refusals=(*COMMANDED, 409),
    ),
    Endpoint(
        method="post",
        path=f"{ROOM}change-video/",
        summary="Watch another video, from its beginning",
        body=bodies.ChangeVideoBody,
        answer=bodies.RoomAnswer,
        key=True,
        refusals=COMMANDED,
    ),
    Endpoint(
        method="get",
        path=f"{ROOM}messages/",
        summary="See what has happened in a room, oldest first",
        query=bodies.MessagesQuery,
        answer=bodies.MessagesAnswer,
        key=False,
        refusals=SEEN,
    ),
)

_TEXTS: dict[type, Json] = {
    Name: {"type": "string", "minLength": 1, "maxLength": limits.NAME_LENGTH},
    Title: {"type": "string", "maxLength": limits.TITLE_LENGTH},
    VideoUrl: {"type": "string", "format": "uri", "maxLength": limits.URL_LENGTH},
    Password: {"type": "string", "minLength": 1, "maxLength": limits.PASSWORD_LENGTH},
    Key: {"type": "string", "format": "uuid", "description": "The key of create or join. Secret."},
}

_IN_ROOM = {
    "name": "room",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}


@cache
def document() -> Json:
    kinds = {kind for e in ENDPOINTS for kind in (e.body, e.answer) if kind} | {bodies.Refusal}
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(
        ordered, schema_hook=_TEXTS.__getitem__, ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, Json] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SyncPlay",
            "version": __version__,
            "description": "Rooms in which people watch a video together. Fields that are not "
            "named here are ignored, and null means left out.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint) -> Json:
    operation: Json = {
        "operationId": _name(endpoint),
        "summary": endpoint.summary,
        "responses": _responses(endpoint),
    }
    parameters = [_IN_ROOM] if "{room}" in endpoint.path else []
    if parameters := [*parameters, *_query(endpoint.query)]:
        operation["parameters"] = parameters
    if endpoint.body:
        operation["requestBody"] = {"required": not endpoint.key, "content": _json(endpoint.body)}
    if endpoint.key is not None:  # the key may stand in the body instead, or need not be
        operation["security"] = [{}, {"key": []}]
    return operation


def _name(endpoint: Endpoint) -> str:
    """`post_api_rooms_create`: what generated clients call it."""
    parts = endpoint.path.replace("{room}", "room").replace("-", "_")
    return "_".join(part for part in [endpoint.method, *parts.split("/")] if part)


def _query(kind: type[Struct] | None) -> list[Json]:
    if kind is None:
        return []
    schema = msgspec.json.schema(kind)["$defs"][kind.__name__]
    return [
        {"name": name, "in": "query", "required": False, "schema": rules}
        for name, rules in schema["properties"].items()
    ]


def _json(kind: type[Struct] | None) -> Json:
    schema = {"$ref": f"#/components/schemas/{kind.__name__}"} if kind else {"type": "object"}
    return {"application/json": {"schema": schema}}


def _responses(endpoint: Endpoint) -> Json:
    done = {"description": HTTPStatus(endpoint.status).phrase, "content": _json(endpoint.answer)}
    refused = {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": _json(bodies.Refusal),
        }
        for status in endpoint.refusals
    }
    if endpoint.answer is Health:
        unwell = {"description": "Not well", "content": _json(Health)}
        return {"200": done, "503": unwell}
    return {
        str(endpoint.status): done,
        **refused,
        "default": {"description": "Refused", "content": _json(bodies.Refusal)},
    }
