"""REST by schemathesis: requests made of our OpenAPI document, right ones and wrong ones."""

from __future__ import annotations

import http.client
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from syncplay_backend.api.openapi import document
from tests.faults.malice import Malice, as_bytes
from tests.faults.signs import MIB, nothing_unhandled, resident
from tests.peer import Rest, Seat, create_room
from tests.process import ServerProcess

SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MEMORY = 64 * MIB


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[ServerProcess]:
    """It must have lost nothing of its composure at the end of them all."""
    with ServerProcess("uvicorn") as process:
        before = resident(process)
        yield process
        assert resident(process) - before < MEMORY
        nothing_unhandled(process)


def ways() -> Iterator[Any]:
    """Each operation, asked as it should be; and as it should not, where one can."""
    for operation in OPERATIONS:
        yield pytest.param(operation, GenerationMode.POSITIVE, id=operation.label)
        if list(operation.iter_parameters()) or list(operation.body):
            yield pytest.param(operation, GenerationMode.NEGATIVE, id=f"no {operation.label}")


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize(("operation", "mode"), list(ways()))
def test_every_answer_is_one_that_the_document_names(
    server: ServerProcess, operation: APIOperation, mode: GenerationMode, is_long: bool
) -> None:
    seat = create_room(server)

    @settings(
        max_examples=300 if is_long else 30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_host=st.booleans())
    def ask(case: Case, is_host: bool) -> None:
        if is_host:
            go_in_as(case, seat)
        response = case.call(base_url=server.url)
        case.validate_response(response, checks=CHECKS)

    ask()


def go_in_as(case: Case, seat: Seat) -> None:
    """So that more than the first question is asked: the room is there, and the key is right."""
    if "room" in case.path_parameters:
        case.path_parameters["room"] = seat.room_id
    if case.path_parameters:
        case.headers["Authorization"] = f"Bearer {seat.key}"
    if isinstance(case.body, dict):
        case.body.pop("user_id", None)


def test_every_command_is_done_or_refused(server: ServerProcess, is_long: bool) -> None:
    """What schemathesis cannot know: that `data` depends on the `type`, as on the socket."""
    seat, malice = create_room(server), Malice(random.randrange(2**32))
    operation = SCHEMA["/api/rooms/{room}/commands/"]["POST"]
    named = {int(status) for status in operation.definition.raw["responses"].keys() - {"default"}}
    came = Counter()
    for _ in range(10_000 if is_long else 300):
        body = as_bytes(malice.frame())
        path = f"/api/rooms/{seat.room_id}/commands/"
        answer = Rest(server).post(path, body, key=seat.key)
        assert answer.status in named, (answer, body)
        came[answer.status] += 1
        if answer.status == http.client.UNAUTHORIZED:
            seat = create_room(server)  # it has left
    assert came[http.client.OK] > sum(came.values()) / 20, came
