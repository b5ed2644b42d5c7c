"""What the first visit costs, before any video."""

import re
from urllib.parse import urljoin

import pytest

from tests.pages.outline import Outline
from tests.pages.test_served import fetch
from tests.peer import create_room
from tests.process import ServerProcess

MOST = 60 * 1024  # bytes, compressed
TOGETHER_WITH_PAGE = re.compile(r"""url\(\s*["']?([^"')]+)""")


def first_load(server: ServerProcess, path: str) -> dict[str, int]:
    """The bytes of the page and of everything that it fetches by itself, as they are sent."""
    _, _, page = fetch(server, path)
    _, _, packed = fetch(server, path, Accept_Encoding="gzip")
    weights = {path: len(packed)}
    waiting = Outline(page.decode()).loads()
    while waiting:
        file = waiting.pop()
        if file in weights:
            continue
        status, _, content = fetch(server, file, Accept_Encoding="gzip")
        assert status == 200, file
        weights[file] = len(content)
        if file.endswith(".css"):
            _, _, style = fetch(server, file)
            found = TOGETHER_WITH_PAGE.findall(style.decode())
            waiting += [urljoin(file, name) for name in found if not name.startswith("data:")]
    return weights


@pytest.mark.parametrize("page", ["front", "room"])
def test_the_first_load_is_light_and_asks_nobody_else(production: ServerProcess, page: str) -> None:
    path = "/" if page == "front" else f"/room/{create_room(production).room_id}"
    weights = first_load(production, path)
    assert [file for file in weights if not file.startswith("/")] == []
    heaviest = sorted(weights.items(), key=lambda item: -item[1])
    assert sum(weights.values()) <= MOST, heaviest
