"""The project's documents, as tests look at them: blocks, tables, links, names in backticks."""

import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Block(NamedTuple):
    language: str
    text: str


class Page:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.text = path.read_text()

    @cached_property
    def blocks(self) -> list[Block]:
        return [Block(language, text) for _, language, text in _FENCE.findall(self.text)]

    @cached_property
    def prose(self) -> str:
        """Without the blocks, whose `#` are no headings."""
        return _FENCE.sub("", self.text)

    @property
    def code(self) -> list[str]:
        """What stands in backticks."""
        return _CODE.findall(self.prose)

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        return {_anchor(heading) for heading in _HEADING.findall(self.prose)}

    def section(self, heading: str) -> "str":
        """The text under a heading of the second level, to the next one."""
        start = self.text.index(f"\n## {heading}\n")
        end = self.text.find("\n## ", start + 1)
        return self.text[start : end if end > 0 else None]

    def table(self, heading: str) -> list[list[str]]:
        """The rows of all tables under a heading, without their head lines."""
        lines = [line for line in self.section(heading).splitlines() if line.startswith("|")]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        rules = [n for n, row in enumerate(rows) if set(row[0]) <= set("-: ")]
        heads = {n - 1 for n in rules}
        return [row for n, row in enumerate(rows) if n not in heads and n not in rules]

    def examples(self, heading: str) -> list[dict[str, Any]]:
        """The JSON objects in the blocks under a heading, one or several a block."""
        blocks = [text for _, language, text in _FENCE.findall(self.section(heading) + "\n")
                  if language == "json"]  # fmt: skip
        return [one for block in blocks for one in _objects(block)]


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    rest = text.strip()
    while rest:
        found, end = decoder.raw_decode(rest)
        yield found
        rest = rest[end:].strip()


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.strip().replace(" ", "-")


def named(cell: str) -> list[str]:
    """What a table's cell has in backticks."""
    return _CODE.findall(cell)


def pages() -> list[Page]:
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [Page(path) for path in sorted(paths)]


def page(name: str) -> Page:
    return Page(ROOT / name)
