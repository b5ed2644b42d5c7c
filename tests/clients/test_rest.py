import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from syncplay_client import Refused, Seat, create_room, join_room

ROOM = "10000000-0000-4000-8000-000000000000"
KEY = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
USER = {"id": KEY, "public_id": "p", "name": "Bob", "is_host": False, "role": "member"}


class Rest(ThreadingHTTPServer):
    """Answers every POST alike, and keeps what it was asked."""

    answer = (201, json.dumps({"status": "success", "room": {"id": ROOM}, "user": USER}))

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        status, text = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Nothing of it is worth a line."""


@pytest.fixture
def rest():
    with Rest() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_to_create_a_room_hands_out_the_seat(rest):
    seat = await create_room(rest.url, "Movie night", "Bob", visibility="private")

    assert seat == Seat(ROOM, "Bob", KEY, "p", is_host=False)
    wish = {"room_name": "Movie night", "user_name": "Bob", "visibility": "private"}
    assert rest.asked == [("/api/rooms/create/", wish)]


async def test_to_join_one_too(rest):
    seat = await join_room(rest.url, ROOM, "Bob", password="secret")

    assert seat.key == KEY
    wish = {"room_id": ROOM, "user_name": "Bob", "password": "secret"}
    assert rest.asked == [("/api/rooms/join/", wish)]


async def test_a_refusal_says_why(rest):
    said = {"status": "error", "code": "name_taken", "message": "Choose another name."}
    rest.answer = (409, json.dumps(said))

    with pytest.raises(Refused, match="Choose another name") as refused:
        await join_room(rest.url, ROOM, "Bob")
    assert refused.value.code == "name_taken"


async def test_so_does_a_proxy_that_speaks_html(rest):
    rest.answer = (502, "<h1>Bad gateway</h1>")

    with pytest.raises(Refused, match="502"):
        await create_room(rest.url, "Movie night", "Bob")
