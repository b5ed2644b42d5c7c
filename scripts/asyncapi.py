"""Write `docs/asyncapi.json`, the socket's contract for machines, from the structs of the code.

`--check` writes nothing, and fails where the file is not what it would write.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_args
from uuid import UUID

import msgspec

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "asyncapi.json"
sys.path.insert(0, str(ROOT))

from syncplay_backend.domain import event_data, events, fields, limits, views, wire  # noqa: E402
from syncplay_backend.domain.people import Member  # noqa: E402
from syncplay_backend.domain.policy import Settings  # noqa: E402
from syncplay_backend.domain.timeline import Timeline  # noqa: E402

Schema = dict[str, Any]

# The frames that bear no seq, and what their `data` holds.
UNNUMBERED: dict[str, type[msgspec.Struct]] = {
    "room_update": views.RoomView,
    "resumed": wire.ResumedData,
    "ack": wire.AckData,
    "error": wire.ErrorData,
    "time": wire.TimeData,
    "heartbeat": wire.HeartbeatData,
    "status": wire.StatusData,
    "typing": wire.TypingData,
}
MERGED: dict[str, type[msgspec.Struct]] = {"presence": event_data.PresenceData}

# Commands whose event goes by another name; of all others it has the command's.
CAUSES = {"settings": "settings_changed", "leave": "user_left"}
COMMANDS = {kind: str(kind.__struct_config__.tag) for kind in get_args(wire.Commands)}
COMMANDED = {CAUSES.get(tag, tag) for tag in COMMANDS.values()}

TEXTS: dict[type, Schema] = {
    fields.Name: {"type": "string", "minLength": 1, "maxLength": limits.NAME_LENGTH},
    fields.Title: {"type": "string", "maxLength": limits.TITLE_LENGTH},
    fields.VideoUrl: {"type": "string", "format": "uri", "maxLength": limits.URL_LENGTH},
    fields.Password: {"type": "string", "minLength": 1, "maxLength": limits.PASSWORD_LENGTH},
    fields.ChatText: {"type": "string", "minLength": 1, "maxLength": limits.CHAT_LENGTH},
    fields.Emoji: {"type": "string", "minLength": 1, "maxLength": limits.EMOJI_LENGTH},
    fields.Key: {"type": "string", "format": "uuid", "description": "a key: keep it secret"},
}

NOBODY = UUID(int=0)
SAMPLES: dict[object, object] = {
    float: 0.0,
    int: 0,
    str: "",
    bool: False,
    UUID: NOBODY,
    Member: Member(id=NOBODY, name="", key_hash=b"", joined_at=0),
    Settings: Settings(),
    dict[UUID, int]: {NOBODY: 0},
}


def main() -> None:
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text)
    elif not FILE.exists() or FILE.read_text() != text:
        sys.exit(f"{FILE.relative_to(ROOT)} is not up to date: python scripts/asyncapi.py")


def document() -> Schema:
    incoming = {f"client.{kind}": struct for kind, struct in wire.INCOMING.items()}
    outgoing = {f"server.{kind}": struct for kind, struct in server_types().items()}
    schemas, messages = _messages(incoming, outgoing)
    channel = {
        "address": "/ws/room/{room_id}/",
        "description": "One room. The first frame of a client is join. See docs/protocol.md.",
        "parameters": {"room_id": {"description": "the UUID of the room"}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "SyncPlay", "version": "2", "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "channels": {"room": channel},
        "operations": {
            "hear": _operation("receive", incoming),
            "tell": _operation("send", outgoing),
        },
        "components": {"schemas": schemas, "messages": messages},
    }


def _operation(action: str, names: Iterable[str]) -> Schema:
    refs = [{"$ref": f"#/channels/room/messages/{name}"} for name in names]
    return {"action": action, "channel": {"$ref": "#/channels/room"}, "messages": refs}


def server_types() -> dict[str, type[msgspec.Struct]]:
    """Every type that the server sends, and the struct of its `data`."""
    numbered = {}
    for kind in get_args(events.Numbered):
        tag = str(kind.__struct_config__.tag)
        data = type(event_data.event_data(sample(kind), Timeline()))
        data = _with_others(data) if tag in wire.PRESENCE else data
        numbered[tag] = _with_ref(data) if tag in COMMANDED else data
    return UNNUMBERED | numbered | MERGED


@cache
def _with_ref(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """An event that a command with an `id` has caused bears it."""
    ref = ("ref", str | msgspec.UnsetType, msgspec.UNSET)
    return msgspec.defstruct(kind.__name__, [*_members(kind), ref], kw_only=True)


@cache
def _with_others(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """Contract clients are told of several people in the frame of the last one."""
    others = ("others", list[kind] | msgspec.UnsetType, msgspec.UNSET)  # type: ignore[valid-type]
    name = kind.__name__.removesuffix("Data").removesuffix("View")
    return msgspec.defstruct(f"{name}AndOthers", [*_members(kind), others], kw_only=True)


def sample(kind: type[msgspec.Struct]) -> Any:
    """An event of this kind, whatever it says."""
    return kind(**{field.name: _value(field) for field in msgspec.structs.fields(kind)})


def _value(field: msgspec.structs.FieldInfo) -> object:
    if NoneType in get_args(field.type):
        return None
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return SAMPLES[field.type]


def _messages(
    incoming: Mapping[str, type[msgspec.Struct]], outgoing: Mapping[str, type[msgspec.Struct]]
) -> tuple[Schema, Schema]:
    bodies = {name: _data(kind) for name, kind in incoming.items()} | dict(outgoing)
    _, schemas = msgspec.json.schema_components(
        [*bodies.values(), wire.NumberedFrame, wire.MergedFrame, wire.Envelope],
        schema_hook=lambda kind: TEXTS[kind],
        ref_template="#/components/schemas/{name}",
    )
    envelopes = {name: schemas.pop(name) for name in ("NumberedFrame", "MergedFrame", "Envelope")}
    messages = {}
    for name, body in bodies.items():
        side, _, kind = name.partition(".")
        frame = _frame(side, kind, envelopes)
        frame["properties"]["data"] = {"$ref": f"#/components/schemas/{body.__name__}"}
        if schemas[body.__name__].get("required"):
            frame["required"] = list(dict.fromkeys([*frame["required"], "data"]))
        messages[name] = {"name": kind, "title": name, "payload": frame}
    return schemas, messages


def _data(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """What stands in `data`: without the type, which is beside it."""
    members = _members(kind) + (_members(wire.Terms) if kind in COMMANDS else [])
    return msgspec.defstruct(kind.__name__, members, kw_only=True)


def _members(kind: type[msgspec.Struct]) -> list[tuple[str, Any] | tuple[str, Any, Any]]:
    """The fields by the names that they have on the wire, with defaults as JSON."""
    return [
        (field.encode_name, field.type)
        if field.required
        else (field.encode_name, field.type, _json(field.default))
        for field in msgspec.structs.fields(kind)
    ]


def _json(default: object) -> object:
    return str(default) if isinstance(default, str) else default


def _frame(side: str, kind: str, envelopes: dict[str, Schema]) -> Schema:
    if side == "client":
        envelope = envelopes["Envelope"]
    elif kind in UNNUMBERED:
        envelope = {"properties": {}, "required": ["type", "data"]}
    else:
        envelope = envelopes["MergedFrame" if kind in MERGED else "NumberedFrame"]
    properties = {**envelope["properties"], "type": {"const": kind}}
    return {"type": "object", "properties": properties, "required": envelope["required"]}


if __name__ == "__main__":
    main()
