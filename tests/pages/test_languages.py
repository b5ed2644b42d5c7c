"""Which language a page speaks."""

from urllib.parse import quote

import pytest

from tests.pages.outline import get, show
from tests.process import ServerProcess


@pytest.mark.parametrize(
    ("accepted", "language", "direction"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "ltr"),
        ("ar", "ar", "rtl"),
        ("fr,ar;q=0.5", "ar", "rtl"),
        ("fr", "en", "ltr"),
        ("", "en", "ltr"),
        ("*;q=nonsense,;;", "en", "ltr"),
        ("de" * 5_000, "en", "ltr"),
    ],
)
def test_it_is_the_browsers(
    server: ServerProcess, accepted: str, language: str, direction: str
) -> None:
    page = show(server, "/", Accept_Language=accepted)
    assert page.html == {"lang": language, "dir": direction}
    assert (page.data["language"], page.data["direction"]) == (language, direction)


def test_one_that_is_chosen_holds_from_then_on(server: ServerProcess) -> None:
    answer, page = get(server, "/?lang=ar", Accept_Language="de")
    assert page.html["lang"] == "ar"
    cookie, _, terms = answer.headers["Set-Cookie"].partition(";")
    assert cookie == "language=ar"
    assert "SameSite=Lax" in terms
    assert show(server, "/", Accept_Language="de", Cookie=cookie).html["lang"] == "ar"


@pytest.mark.parametrize("chosen", ["xx", "", "../en", "en\r\nSet-Cookie:x", "AR"])
def test_one_that_nobody_speaks_is_not_chosen(server: ServerProcess, chosen: str) -> None:
    answer, page = get(server, f"/?lang={quote(chosen)}")
    assert page.html["lang"] == "en"
    assert answer.headers["Set-Cookie"] is None


def test_pages_that_lead_nowhere_speak_it_too(server: ServerProcess) -> None:
    _, page = get(server, "/room/none", Accept_Language="de")
    assert page.html["lang"] == "de"


def test_caches_are_told_that_it_depends_on_the_reader(server: ServerProcess) -> None:
    answer, _ = get(server, "/")
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_can_be_chosen_on_every_page(production: ServerProcess) -> None:
    _, page = get(production, "/nothing/here")
    chosen = {link["href"]: link["lang"] for link in page.all("a") if "hreflang" in link}
    assert chosen == {"?lang=en": "en", "?lang=de": "de", "?lang=ar": "ar"}
