import pytest
from syncplay_client.addresses import parse

ROOM = "10000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("url", "socket"),
    [
        (f"http://localhost:8000/room/{ROOM}", f"ws://localhost:8000/ws/room/{ROOM}/"),
        (f"https://watch.example/room/{ROOM}/", f"wss://watch.example/ws/room/{ROOM}/"),
        (f"wss://watch.example/ws/room/{ROOM}/", f"wss://watch.example/ws/room/{ROOM}/"),
        (f"http://[::1]:8000/api/rooms/{ROOM}/", f"ws://[::1]:8000/ws/room/{ROOM}/"),
        (f"https://watch.example/?room={ROOM}#x", f"wss://watch.example/ws/room/{ROOM}/"),
        (f"https://a.example/sync/room/{ROOM}", f"wss://a.example/sync/ws/room/{ROOM}/"),
        (f"http://localhost/room/{ROOM.upper()}", f"ws://localhost/ws/room/{ROOM}/"),
    ],
)
def test_whatever_people_paste_names_the_room(url, socket):
    assert parse(url).websocket_url() == socket


def test_a_server_has_a_room_when_it_is_named_apart():
    address = parse("https://watch.example/")

    assert address.websocket_url(ROOM) == f"wss://watch.example/ws/room/{ROOM}/"
    assert address.rest_url == "https://watch.example/api"


def test_a_room_that_is_not_named_is_missed():
    with pytest.raises(ValueError, match="no room"):
        parse("http://localhost:8000").websocket_url()


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://a.example/", "http://", "file:///x"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ValueError, match="is no address"):
        parse(url)


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("ws://[::1]:8000", True),
        ("http://127.0.0.1.evil.example", False),
        ("https://localhost.example", False),
        ("http://localhost@a.example", False),
    ],
)
def test_only_this_machine_is_this_machine(url, is_loopback):
    assert parse(url).is_loopback is is_loopback
