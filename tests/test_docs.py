"""The documents name everything that there is, and nothing that there is not."""

import re
from typing import get_args

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from msgspec.structs import fields

from syncplay_backend.api.errors import STATUS
from syncplay_backend.domain import limits, wire
from syncplay_backend.domain.close_codes import Close
from syncplay_backend.domain.errors import RETRYABLE, Code
from syncplay_backend.domain.limits import Allowance
from syncplay_backend.domain.policy import Settings
from syncplay_backend.settings import env
from tests.docs.pages import ROOT, Page, named, page, pages

PROTOCOL = page("docs/protocol.md")
OPERATIONS = page("docs/operations.md")
CONTRIBUTING = page("CONTRIBUTING.md")
README = page("README.md")

BY_THE_SERVER_ITSELF = {"1009", "other, or none"}
MILLISECONDS = {"LEAST_LEAD", "MOST_LEAD", "COVERED_TRIP"}
SECONDS = {"GRACE", "UNUSED_PLACE", "CLAIM_PLACE", "LEASE", "FIRST_LOAD", "REBUFFER"}
SECONDS |= {"STALL_FORGOTTEN"}


def test_every_setting_is_explained() -> None:
    assert {row[0].strip("`") for row in OPERATIONS.table("Settings")} == set(env.names)


def test_every_management_command_is_explained() -> None:
    folder = ROOT / "syncplay_backend" / "ops" / "management" / "commands"
    ours = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    told = set(re.findall(r"manage\.py (\w+)", OPERATIONS.section("Commands")))
    assert ours <= told


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)) - {"help"}
    assert {f"make {target}" for target in targets} <= set(CONTRIBUTING.code)


def test_no_make_target_is_made_up() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    told = {target for one in pages() for target in re.findall(r"\bmake ([a-z-]+)`", one.text)}
    assert told <= targets


def paths(patterns: list[URLPattern | URLResolver], before: str = "/") -> set[str]:
    found = set()
    for pattern in patterns:
        path = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            found |= paths(pattern.url_patterns, path)
        else:
            found.add(path)
    return found


def test_every_rest_path_is_explained() -> None:
    ours = {
        re.sub(r"<[^>]+>", "{room_id}", path)
        for path in paths(get_resolver().url_patterns)
        if path.startswith("/api/") and "(" not in path
    }
    told = {cell.split()[1].strip("`") for cell, *_ in PROTOCOL.table("REST")}
    assert told == ours


def test_every_type_that_a_client_may_send_is_explained() -> None:
    told = {row[0].strip("`"): set(named(row[1])) for row in PROTOCOL.table("What a client sends")}
    assert told == {
        kind: {field.encode_name for field in fields(struct)}
        for kind, struct in wire.INCOMING.items()
    }


def test_every_error_code_is_explained() -> None:
    told = {row[0].strip("`"): row for row in PROTOCOL.table("Error codes")}
    assert set(told) == set(Code)
    assert {code: int(row[1]) for code, row in told.items()} == STATUS
    assert {code for code, row in told.items() if "; retryable" in row[2]} == RETRYABLE


def test_every_close_code_is_explained() -> None:
    told = {row[0] for row in PROTOCOL.table("Close codes")}
    assert told - BY_THE_SERVER_ITSELF == {str(int(code)) for code in Close}


def test_every_limit_is_explained() -> None:
    told = {row[2].strip("`"): row[1] for row in PROTOCOL.table("Limits")}
    ours = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert set(told) == set(ours)
    assert [name for name, value in ours.items() if in_words(name, value) not in told[name]] == []


def in_words(name: str, value: object) -> str:
    if isinstance(value, Allowance):
        return f"{value.burst} at once, then {value.per_second:g} a second"
    if name in SECONDS:  # the code has milliseconds
        assert isinstance(value, int)
        return f"{value // 1000} s"
    assert isinstance(value, int | float)
    return f"{value:,} ms" if name in MILLISECONDS else f"{value:,.12g}"


def test_every_setting_of_a_room_is_explained() -> None:
    told = {row[0].strip("`"): named(row[1]) for row in PROTOCOL.table("Settings")}
    ours = {field.name: (field.type, field.default) for field in fields(Settings)}
    assert told == {name: [str(value) for value in kind] for name, (kind, _) in ours.items()}
    defaults = {
        row[0].strip("`"): re.findall(r"`(\w+)` \(default\)", row[1])
        for row in PROTOCOL.table("Settings")
    }
    assert defaults == {name: [str(default)] for name, (_, default) in ours.items()}


def test_every_state_of_a_player_is_explained() -> None:
    (states,) = (field.type for field in fields(wire.StatusFrame) if field.name == "state")
    told = {row[0].strip("`") for row in PROTOCOL.table("How players are")}
    assert told == set(get_args(states))


def test_every_command_is_told_from_what_is_none() -> None:
    none = {"join"} | {str(kind.__struct_config__.tag) for kind in get_args(wire.Fleeting)}
    (sentence,) = (
        line
        for line in PROTOCOL.section("What a client sends").splitlines()
        if line.startswith("All but ")
    )
    assert set(named(sentence.partition(" are **commands**")[0])) == none


@pytest.mark.parametrize("one", pages(), ids=lambda one: one.name)
def test_links_lead_somewhere(one: Page) -> None:
    lost = []
    for link in one.links:
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (one.path.parent / name).resolve() if name else one.path
        if not target.exists() or (anchor and anchor not in Page(target).anchors):
            lost.append(link)
    assert lost == []


FOLDERS = {"syncplay_backend", "tests", "docs", "scripts", "benchmarks", "clients", ".ci"}
FOLDERS |= {path.name for path in (ROOT / "syncplay_backend").iterdir() if path.is_dir()}
SUFFIXES = (".py", ".md", ".txt", ".toml", ".lock", ".example")


def is_path(word: str) -> bool:
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", word):
        return False
    return word.endswith(SUFFIXES) or (word.split("/")[0] in FOLDERS and "/" in word)


@pytest.mark.parametrize("one", pages(), ids=lambda one: one.name)
def test_paths_in_backticks_are_there(one: Page) -> None:
    roots = (ROOT, ROOT / "syncplay_backend", one.path.parent)
    told = {word for word in one.code if is_path(word)}
    assert {word for word in told if not any((root / word).exists() for root in roots)} == set()


def everything_written() -> str:
    files = [ROOT / "Makefile", ROOT / ".env.example", *ROOT.glob("tests/*.py")]
    code = [
        path
        for folder in ("syncplay_backend", "clients")
        for path in ROOT.glob(f"{folder}/**/*.py")
    ]
    return "".join(path.read_text() for path in [*files, *code])


def test_constants_in_backticks_are_there() -> None:
    told = {w for one in pages() for w in one.code if re.fullmatch(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+", w)}
    written = everything_written()
    assert {word for word in told if word not in written} == set()
