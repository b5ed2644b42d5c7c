"""The OpenAPI document is true: of what there is, and of what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator

from syncplay_backend.api.openapi import document
from tests.peer import Answer, Rest, Seat, join_room
from tests.process import ServerProcess

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]
METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def url_paths(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = prefix + re.sub(r"<str:(\w+)>", r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from url_paths(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield path


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_it_is_served(rest: Rest) -> None:
    answer = rest.get("/api/schema/")
    assert (answer.status, answer.body) == (200, DOCUMENT)


def test_it_has_what_openapi_requires() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert DOCUMENT["info"].keys() >= {"title", "version"}
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(ids)) == len(ids)
    for path, method, operation in operations():
        assert method in METHODS
        assert operation["summary"]
        declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))
        for status, response in operation["responses"].items():
            assert status == "default" or 200 <= int(status) <= 599
            assert response["description"]
            assert response["content"].keys() == {"application/json"}


def test_its_schemas_are_json_schemas_and_its_references_lead_somewhere() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    for reference in references(DOCUMENT):
        assert reference.removeprefix("#/components/schemas/") in SCHEMAS


def test_every_path_there_is_stands_in_it_and_no_other() -> None:
    there = {
        path
        for path in url_paths(get_resolver())
        if path.startswith("/api/") and not path.startswith("/api/^")
    }
    assert set(DOCUMENT["paths"]) == there


def validate(answer: Answer, method: str, path: str) -> None:
    responses = DOCUMENT["paths"][path][method]["responses"]
    assert str(answer.status) in responses, f"{method} {path}: {answer.status} is not in it"
    wanted = responses[str(answer.status)]["content"]["application/json"]["schema"]
    schema = {**wanted, "components": DOCUMENT["components"]}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(answer.body)
    if name := wanted.get("$ref", "").rpartition("/")[2]:
        assert answer.body.keys() <= SCHEMAS[name]["properties"].keys()


ROOM = "/api/rooms/{room}/"


@pytest.fixture
def bob(server: ServerProcess, alice: Seat) -> Seat:
    return join_room(server, alice.room_id, "Bob")


def test_what_is_answered_is_what_it_says(rest: Rest, alice: Seat, bob: Seat) -> None:
    names = {"room_name": "Movie Night", "user_name": "Charlie"}
    asks: list[tuple[str, str, dict[str, object] | None]] = [
        ("get", "/api/", None),
        ("get", "/api/schema/", None),
        ("get", "/api/health/", None),
        ("get", "/api/rooms/", None),
        ("post", "/api/rooms/create/", {**names}),
        ("post", "/api/rooms/join/", {"room_id": alice.room_id, **names}),
        ("get", ROOM, None),
        ("post", f"{ROOM}control/", {"user_id": alice.key, "action": "seek", "position": 1.5}),
        ("post", f"{ROOM}commands/", {"user_id": alice.key, "type": "rate", "data": {"rate": 2}}),
        ("post", f"{ROOM}change-video/", {"user_id": alice.key, "video_url": "https://x.org/v"}),
        ("get", f"{ROOM}messages/", None),
        ("delete", f"{ROOM}leave/", {"user_id": bob.key}),
    ]
    for method, path, body in asks:
        answer = rest.ask(method.upper(), path.replace("{room}", alice.room_id), body)
        assert answer.status < 300, answer.body
        validate(answer, method, path)
    assert {(path, method) for method, path, _ in asks} == {(p, m) for p, m, _ in operations()}


def test_what_is_refused_is_what_it_says(rest: Rest, alice: Seat, bob: Seat) -> None:
    play = {"user_id": bob.key, "action": "play"}
    taken = {"room_id": alice.room_id, "user_name": "Bob"}
    for method, path, body, room_id in (
        ("post", "/api/rooms/create/", {}, ""),
        ("post", "/api/rooms/join/", taken, ""),
        ("post", f"{ROOM}control/", play, alice.room_id),
        ("post", f"{ROOM}control/", play, str(uuid4())),
        ("get", f"{ROOM}messages/", None, str(uuid4())),
        ("delete", f"{ROOM}leave/", {"user_id": alice.public_id}, alice.room_id),
    ):
        answer = rest.ask(method.upper(), path.replace("{room}", room_id), body)
        assert answer.status >= 400
        validate(answer, method, path)
