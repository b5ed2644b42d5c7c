"""The words of the pages, in every language."""

import json
import re
from pathlib import Path

import pytest

from syncplay_backend.pages.texts import FALLBACK, texts
from syncplay_backend.settings import BASE_DIR, LANGUAGES

FOLDER = BASE_DIR / "web" / "texts"
TEMPLATES = BASE_DIR / "syncplay_backend" / "pages" / "templates"
OTHERS = [code for code, _ in LANGUAGES if code != FALLBACK]
HOLE = re.compile(r"\{(\w+)\}")


def test_every_language_has_its_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {code for code, _ in LANGUAGES}


def singular(key: str) -> str:
    """Languages have their own numbers of plurals: `key#one`, `key#few`, …"""
    return key.partition("#")[0]


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_says_everything_and_nothing_else(code: str) -> None:
    own = json.loads((FOLDER / f"{code}.json").read_text())
    assert {singular(key) for key in own} == {singular(key) for key in texts(FALLBACK)}


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_to_be_filled_in_is_the_same(code: str) -> None:
    english = texts(FALLBACK)
    differing = [
        key
        for key, said in texts(code).items()
        if "#" not in key and set(HOLE.findall(said)) != set(HOLE.findall(english[key]))
    ]
    assert differing == []


def test_what_a_language_lacks_is_said_in_english(tmp_path: Path, settings: object) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "en.json").write_text('{"play": "Play", "pause": "Pause"}')
    (tmp_path / "texts" / "de.json").write_text('{"play": "Abspielen"}')
    settings.WEB, settings.DEBUG = tmp_path, True  # type: ignore[attr-defined]
    assert texts("de") == {"play": "Abspielen", "pause": "Pause"}


def test_templates_say_only_what_there_is() -> None:
    pattern = re.compile(r"""\{% text ["'](\w+)["']""")
    said = {key for page in TEMPLATES.rglob("*.html") for key in pattern.findall(page.read_text())}
    assert said
    assert said - set(texts(FALLBACK)) == set()
