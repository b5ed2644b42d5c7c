"""A page as a browser reads it: its tags, closed in order, and what they say."""

import json
from html.parser import HTMLParser
from typing import Any

from tests.peer import Answer, Rest
from tests.process import ServerProcess


class Outline(HTMLParser):
    VOID = frozenset({"meta", "link", "img", "input", "br", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.said: dict[str, str] = {}  # by tag: the text in the last one of it
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)
            self.said[tag] = ""

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.said[tag] += data

    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]

    def all(self, name: str) -> list[dict[str, Any]]:
        return [attrs for tag, attrs in self.tags if tag == name]

    @property
    def html(self) -> dict[str, Any]:
        (attrs,) = self.all("html")
        return attrs

    @property
    def data(self) -> dict[str, Any]:
        """What the page's scripts are told."""
        told: dict[str, Any] = json.loads(self.said["script"])
        return told

    def meta(self) -> dict[str, str]:
        return {
            attrs.get("property") or attrs.get("name", ""): attrs.get("content", "")
            for attrs in self.all("meta")
        }

    def loads(self) -> list[str]:
        """The addresses of all that a browser fetches with the page."""
        links = [
            attrs["href"]
            for attrs in self.all("link")
            if {"stylesheet", "modulepreload", "preload", "icon"} & set(attrs["rel"].split())
        ]
        scripts = [attrs["src"] for attrs in self.all("script") if "src" in attrs]
        return [*links, *scripts, *(attrs["src"] for attrs in self.all("img"))]

    def assert_nothing_is_inline(self) -> None:
        for tag, attrs in self.tags:
            assert tag != "style"
            assert tag != "script" or "src" in attrs or attrs["type"] == "application/json"
            assert "style" not in attrs, tag
            assert not [attribute for attribute in attrs if attribute.startswith("on")], tag


def get(server: ServerProcess, path: str, **headers: str) -> tuple[Answer, Outline]:
    answer = Rest(server).get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8", answer.body
    return answer, Outline(answer.body)


def show(server: ServerProcess, path: str, **headers: str) -> Outline:
    answer, outline = get(server, path, **headers)
    assert answer.status == 200, answer.body
    return outline


def policy(answer: Answer) -> dict[str, set[str]]:
    """The Content-Security-Policy, by directive."""
    directives = answer.headers["Content-Security-Policy"].split("; ")
    return {name: set(values) for name, *values in map(str.split, directives)}
