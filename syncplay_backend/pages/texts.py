"""The words of the pages: one flat JSON a language, which the page's scripts read too."""

import json
from functools import cache
from pathlib import Path
from typing import TypeAlias

from django.conf import settings

Texts: TypeAlias = dict[str, str]

FALLBACK = "en"


def texts(language: str) -> Texts:
    """Every text there is: in English where the language has none."""
    return _read(language) if settings.DEBUG else _kept(language)


def _read(language: str) -> Texts:
    folder = Path(settings.WEB) / "texts"
    spoken: Texts = {}
    for code in (FALLBACK, language):
        spoken |= json.loads((folder / f"{code}.json").read_text(encoding="utf-8"))
    return spoken


_kept = cache(_read)
