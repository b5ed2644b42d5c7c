"""Frames that nobody should send: made of what docs/asyncapi.json allows, then spoiled.

What is nearly right gets furthest, so most of them are spoiled in one place only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from tests.process import ROOT

Schema = dict[str, Any]

DOCUMENT = json.loads((ROOT / "docs" / "asyncapi.json").read_text())
COMPONENTS: dict[str, Schema] = DOCUMENT["components"]
FRAMES = {
    name.removeprefix("client."): message["payload"]
    for name, message in COMPONENTS["messages"].items()
    if name.startswith("client.")
}
OFTEN = [name for name in FRAMES for _ in range(1 if name == "leave" else 20)]

VALUES: list[Any] = [
    *(None, True, False, 0, -1, 2**31, 2**53 + 1, 2**63, 2**64, 10**400, -0.0, 1e308, 5e-324),
    *(float("nan"), float("inf"), float("-inf")),
    *("", " ", "\0", "\ud800", "\u202e", "\ufeff", "e\u0301" * 40, "🎉" * 80, "x" * 3_000),
    *("'; DROP TABLE rooms_room; --", "%s%n{0}", "../../etc/passwd", "javascript:alert(1)"),
    *("http://", "http://[::1", "http://a\nb", "1e5", "NaN", "null", "[]"),
    *(str(UUID(int=0)), str(UUID(int=2**128 - 1)), "0" * 36, "{" + str(UUID(int=7)) + "}"),
    *([], {}, [[]], {"": ""}, [None] * 1_000, {str(n): n for n in range(1_000)}),
]
TEXTS = ["\0", "\ud800", "]", "{", '"', "\\", "\\u0000", "\\ud800", "1e999", "-", ",", "\u2028"]
DEEP = 5_000


class Malice:
    def __init__(self, seed: int) -> None:
        self._dice = Random(seed)

    def frame(self) -> str | bytes:
        """Text to send as a text frame; bytes to send as one though they are no text."""
        tricks: list[tuple[int, Callable[[], str | bytes]]] = [
            (25, self.right_frame),
            (45, self._with_a_wrong_value),
            (25, self._with_a_wrong_letter),
            (2, self._too_deep),
            (2, lambda: json.dumps(self._dice.choice(VALUES))),
            (1, lambda: self.right_frame().encode() + b"\xff\xfe"),
        ]
        weights, ways = zip(*tricks, strict=True)
        return self._dice.choices(ways, weights)[0]()

    def right_frame(self) -> str:
        return json.dumps(self._right())

    def _with_a_wrong_value(self) -> str:
        frame = self._right()
        holder = frame
        while (inner := [v for v in holder.values() if isinstance(v, dict) and v]) and self._luck():
            holder = self._dice.choice(inner)
        key = self._dice.choice([*holder, "data", "unheard of"])
        if self._luck(0.2):
            holder.pop(key, None)
        else:
            holder[key] = self._dice.choice(VALUES)
        return json.dumps(frame)

    def _with_a_wrong_letter(self) -> str:
        text = self.right_frame()
        start = self._dice.randrange(len(text))
        end = min(len(text), start + self._dice.choice([0, 0, 1, 2, len(text)]))
        return text[:start] + self._dice.choice([*TEXTS, text, ""]) + text[end:]

    def _too_deep(self) -> str:
        opening, closing = self._dice.choice([("[", "]"), ('{"data":', "}")])
        return opening * DEEP + "0" + closing * self._dice.choice([0, DEEP])

    def _luck(self, of: float = 0.7) -> bool:
        return self._dice.random() < of

    def _right(self) -> Any:
        return self._instance(FRAMES[self._dice.choice(OFTEN)])

    def _instance(self, schema: Schema) -> Any:
        if "$ref" in schema:
            schema = COMPONENTS["schemas"][schema["$ref"].rpartition("/")[2]]
        if "const" in schema:
            return schema["const"]
        for choices in ("enum", "anyOf"):
            if choices in schema:
                chosen = self._dice.choice(schema[choices])
                return chosen if choices == "enum" else self._instance(chosen)
        return self._of_type(schema)

    def _of_type(self, schema: Schema) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "string":
                return self._string(schema)
            case "boolean":
                return self._luck()
            case "integer" | "number":
                return self._number(schema)
            case _:
                return None

    def _object(self, schema: Schema) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self._instance(inner)
            for name, inner in schema.get("properties", {}).items()
            if name in required or self._luck()
        }

    def _number(self, schema: Schema) -> float:
        least, most = schema.get("minimum", -1e6), schema.get("maximum", 1e6)
        number = self._dice.choice([least, most, self._dice.uniform(least, most)])
        return int(number) if schema["type"] == "integer" else number

    def _string(self, schema: Schema) -> str:
        match schema.get("format"):
            case "uuid":
                return str(UUID(int=self._dice.getrandbits(128)))
            case "uri":
                return f"https://example.com/{self._dice.random()}"
        least, most = schema.get("minLength", 0), schema.get("maxLength", 20)
        length = self._dice.choice([least, most, self._dice.randint(least, most)])
        return "".join(self._dice.choice("aé字🎉-") for _ in range(length))


def as_bytes(frame: str | bytes) -> bytes:
    return frame.encode(errors="surrogatepass") if isinstance(frame, str) else frame
