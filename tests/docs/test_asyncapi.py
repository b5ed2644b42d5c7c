"""The socket's contract for machines, and the tables and examples for people that say the same."""

import json
import subprocess
import sys
from typing import Any

import jsonschema
import msgspec
import pytest

from syncplay_backend.api.bodies import CommandBody, MessageView, SeatAnswer
from syncplay_backend.domain import fields, wire
from syncplay_backend.domain.views import SyncView
from tests.docs.pages import ROOT, named, page

PROTOCOL = page("docs/protocol.md")
DOCUMENT = json.loads((ROOT / "docs" / "asyncapi.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
MESSAGES = DOCUMENT["components"]["messages"]
# What else stands in backticks beside the fields of a type.
NO_FIELDS = {"user_left": {"left", "away"}, "presence": {"users", "id", "name", "user_left"}}
SERVER_TYPES = {name.removeprefix("server.") for name in MESSAGES if name.startswith("server.")}


def test_the_document_is_up_to_date() -> None:
    check = [sys.executable, "scripts/asyncapi.py", "--check"]
    done = subprocess.run(check, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_reference_leads_to_something() -> None:
    for ref in references(DOCUMENT):
        place: Any = DOCUMENT
        for part in ref.removeprefix("#/").split("/"):
            place = place[part]
        assert place


def references(part: object) -> list[str]:
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = [part["$ref"]] if isinstance(part, dict) and "$ref" in part else []
    return own + [ref for one in inside for ref in references(one)]


def data_schema(kind: str) -> dict[str, Any]:
    ref = MESSAGES[kind]["payload"]["properties"]["data"]["$ref"]
    schema: dict[str, Any] = SCHEMAS[ref.rpartition("/")[2]]
    return schema


def test_every_type_that_the_server_sends_is_explained() -> None:
    told = {kind for row in PROTOCOL.table("What the server sends") for kind in named(row[0])}
    assert told == SERVER_TYPES


def test_every_field_that_the_server_sends_is_explained() -> None:
    for types, told, _ in PROTOCOL.table("What the server sends"):
        for kind in named(types):
            if kind not in ("room_update", "user_joined"):  # they are explained elsewhere
                assert set(named(told)) - NO_FIELDS.get(kind, set()) == own_fields(kind), kind


def own_fields(kind: str) -> set[str]:
    """Without the `ref` that every event of a command may have."""
    is_event = "seq" in MESSAGES[f"server.{kind}"]["payload"]["properties"]
    return set(properties(kind)) - ({"ref"} if is_event else set())


def test_what_contract_connections_are_sent_is_marked() -> None:
    rows = PROTOCOL.table("What the server sends")
    marked = {kind for row in rows if row[2].startswith("C. ") for kind in named(row[0])}
    assert marked == wire.CONTRACT_EVENTS | {"room_update", "ack", "error", "time", "heartbeat"}


def properties(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = data_schema(f"server.{kind}")["properties"]
    return found


@pytest.mark.parametrize("name", MESSAGES)
def test_every_type_has_an_example(name: str) -> None:
    side, _, kind = name.partition(".")
    if name == "server.room_update":
        return  # its data is the room of REST
    heading = "What a client sends" if side == "client" else "What the server sends"
    assert kind in {frame["type"] for frame in PROTOCOL.examples(heading)}


SENT = [
    frame
    for heading in (
        "The socket",
        "What a client sends",
        "Protocol 2",
        "Only if nobody was faster",
        "Resuming",
    )
    for frame in PROTOCOL.examples(heading)
]


@pytest.mark.parametrize("frame", SENT, ids=str)
def test_what_a_client_sends_in_an_example_is_understood(frame: dict[str, Any]) -> None:
    said = wire.decode(wire.open_envelope(json.dumps(frame)))
    assert isinstance(said.what, wire.INCOMING[frame["type"]])
    assert set(frame.get("data", {})) <= set(data_schema(f"client.{frame['type']}")["properties"])


@pytest.mark.parametrize("frame", PROTOCOL.examples("What the server sends"), ids=str)
def test_what_the_server_sends_in_an_example_is_what_it_sends(frame: dict[str, Any]) -> None:
    payload = MESSAGES[f"server.{frame['type']}"]["payload"]
    jsonschema.validate(frame, {**payload, "components": DOCUMENT["components"]})
    assert set(frame) <= set(payload["properties"])
    assert set(frame["data"]) <= set(properties(frame["type"]))


def test_the_answers_in_the_examples_of_rest_are_what_it_answers() -> None:
    examples = PROTOCOL.examples("REST")
    seat = next(one for one in examples if "websocket_url" in one)
    assert msgspec.to_builtins(msgspec.convert(seat, SeatAnswer)) == seat
    message = next(one for one in examples if "timestamp" in one and "seq" in one)
    assert msgspec.to_builtins(msgspec.convert(message, MessageView)) == message
    sync = next(one for one in examples if "p50" in one)
    assert msgspec.to_builtins(msgspec.convert(sync, SyncView)) == sync


def test_the_command_in_the_examples_of_rest_is_one() -> None:
    command = next(one for one in PROTOCOL.examples("REST") if "data" in one and "user_id" in one)
    body = fields.read(CommandBody, command)
    said, _ = wire.read_order(body.type, body.data)
    assert isinstance(said, wire.INCOMING[command["type"]])
