"""The files of `web/`, as a browser gets them."""

import gzip
import http.client
import re

import pytest

from syncplay_backend.pages.linked import linked
from syncplay_backend.settings import BASE_DIR
from tests.pages.outline import get, show
from tests.peer import create_room
from tests.process import ServerProcess

WEB = BASE_DIR / "web"


def fetch(
    server: ServerProcess, path: str, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=sent)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def web(server: ServerProcess) -> str:
    base: str = show(server, "/").data["web"]
    return base


def test_a_browser_may_keep_them_for_ever(production: ServerProcess) -> None:
    base = web(production)
    assert re.fullmatch(r"/static/web/[0-9a-f]{12}/", base)
    status, headers, content = fetch(production, f"{base}main-room.js")
    assert status == 200
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Type"].startswith("text/javascript")
    assert content == (WEB / "main-room.js").read_bytes()


def test_under_another_version_there_is_nothing(production: ServerProcess) -> None:
    """Better no page than one of two halves; whoever reloads has the new one."""
    status, _, _ = fetch(production, "/static/web/0123456789ab/main-room.js")
    assert status == 404


def test_in_development_a_change_is_seen_at_once(server: ServerProcess) -> None:
    base = web(server)
    assert base == "/static/web/now/"
    _, headers, _ = fetch(server, f"{base}main-room.js", Accept_Encoding="gzip")
    assert headers["Cache-Control"] == "max-age=0, public"
    assert "Content-Encoding" not in headers


@pytest.mark.parametrize("file", ["vendor/hls.js/hls.light.min.js", "live/players/media.js"])
def test_they_come_compressed_to_whoever_takes_it(production: ServerProcess, file: str) -> None:
    path, plain = web(production) + file, (WEB / file).read_bytes()
    _, headers, packed = fetch(production, path, Accept_Encoding="br, gzip, deflate")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Vary"] == "Accept-Encoding"
    assert int(headers["Content-Length"]) == len(packed) < len(plain) / 2
    assert gzip.decompress(packed) == plain
    _, headers, content = fetch(production, path)
    assert "Content-Encoding" not in headers
    assert headers["Vary"] == "Accept-Encoding"
    assert content == plain


def test_what_a_browser_has_is_not_sent_again(production: ServerProcess) -> None:
    path = f"{web(production)}main-room.js"
    _, headers, _ = fetch(production, path, Accept_Encoding="gzip")
    status, _, content = fetch(production, path, If_None_Match=headers["ETag"])
    assert (status, content) == (304, b"")


def test_all_that_a_page_names_is_there(production: ServerProcess) -> None:
    seat = create_room(production)
    for path in ("/", f"/room/{seat.room_id}", "/nothing"):
        _, page = get(production, path)
        for file in page.loads():
            assert fetch(production, file)[0] == 200, file


def test_files_beside_the_folder_are_out_of_reach(production: ServerProcess) -> None:
    for path in ("../manage.py", "..%2fmanage.py", "%2e%2e/manage.py", "texts/../../manage.py"):
        assert fetch(production, web(production) + path)[0] == 404


def test_a_pages_script_holds_all_that_it_needs(production: ServerProcess) -> None:
    path = f"{web(production)}main-room.js"
    _, _, packed = fetch(production, path, Accept_Encoding="gzip")
    assert gzip.decompress(packed).decode() == linked(WEB / "main-room.js")
    _, page = get(production, f"/room/{create_room(production).room_id}")
    assert [file for file in page.loads() if file.endswith(".js")] == [path]
