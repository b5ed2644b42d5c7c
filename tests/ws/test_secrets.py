"""Keys, hashes and addresses: no frame, no answer, no line of the log ever holds one."""

import os
from hashlib import sha256
from uuid import UUID

from syncplay_backend.services.addresses import fingerprint
from tests.conftest import Connect, Party
from tests.peer import Peer, Rest, Seat, create_room, join_room
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, fresh_key
from tests.ws.conftest import Knock

ELSEWHERE = "127.0.0.77"


async def test_nothing_that_leaves_the_server_holds_a_secret(
    any_server: ServerProcess, connect: Connect, knock: Knock
) -> None:
    hosting = create_room(any_server, password="open sesame")
    watching = join_room(any_server, hosting.room_id, "Bob", password="open sesame")
    key = fresh_key()
    alice, bob = await connect(any_server, hosting), await connect(any_server, watching)
    charlie = await knock(any_server, hosting.room_id, address=ELSEWHERE)
    await charlie.join(key, "Charlie", "open sesame", protocol=2)
    rest = Rest(any_server)

    await live_through_an_evening(Party(any_server, hosting.room_id, alice, bob), charlie, rest)
    read_everything(rest, hosting)

    keys = [hosting.key, watching.key, key]
    told = "".join([*alice.frames, *bob.frames, *charlie.frames, *rest.answers])
    found = [secret for secret in secrets_of(keys) if secret in told.lower()]
    assert found == []
    assert_the_log_is_clean(any_server, keys)


async def live_through_an_evening(them: Party, charlie: Peer, rest: Rest) -> None:
    """Everything that is ever broadcast, and every refusal that might repeat what was sent."""
    await them.alice.send("video_changed", videoUrl="https://example.com/video.mp4")
    for kind in ("play", "seek", "pause"):
        await them.alice.send(kind, position=5)
    await them.bob.send("play")
    await ask_to_join(them.bob, them.alice.key, "Bob")
    await them.bob.raw(f'{{"userId": "{them.alice.key}", "type": "play"')
    await them.bob.raw(f'{{"type": "seek", "userId": "{them.alice.key}x"}}')
    control = f"/api/rooms/{them.room_id}/control/"
    rest.post(control, {"user_id": them.alice.key, "action": "play", "position": 1})
    rest.post(control, {"user_id": them.bob.seat.key if them.bob.seat else "", "action": "play"})
    rest.post(control, {"user_id": them.alice.key, "action": "dance"})
    rest.post(control, {"user_id": f"{them.alice.key}x", "action": "play"})
    rest.get(control, key=them.alice.key)
    await them.alice.send("leave")
    await them.bob.expect("room_update")  # of the new host
    await charlie.expect("host_changed")


def read_everything(rest: Rest, hosting: Seat) -> None:
    room = f"/api/rooms/{hosting.room_id}/"
    for path in (room, f"{room}messages/?limit=200", "/api/rooms/?limit=200", "/api/health/"):
        rest.get(path)
        rest.get(path, key=hosting.key)


def secrets_of(keys: list[str]) -> list[str]:
    hashes = [sha256(UUID(key).bytes).hexdigest() for key in keys]
    text_hashes = [sha256(key.encode()).hexdigest() for key in keys]
    plain = [key.replace("-", "") for key in keys]
    addresses = [ELSEWHERE, fingerprint(ELSEWHERE), fingerprint("127.0.0.1")]
    password = ["open sesame", "pbkdf2_"]
    return [*keys, *plain, *hashes, *text_hashes, *addresses, *password, server_secret()]


def server_secret() -> str:
    return os.environ["SECRET_KEY"].lower()


def assert_the_log_is_clean(server: ServerProcess, keys: list[str]) -> None:
    event_log = server.event_log.read_text().lower()
    assert "connected" in event_log
    assert [secret for secret in secrets_of(keys) if secret in event_log] == []
    # What daphne and runserver print of each connection is theirs, addresses too; a key never is.
    printed = server.logged().lower()
    kept = [secret for secret in secrets_of(keys) if secret != ELSEWHERE and secret in printed]
    assert kept == []
    assert "traceback" not in printed


async def test_only_create_and_join_ever_answer_a_key(server: ServerProcess) -> None:
    rest = Rest(server)
    made = rest.post("/api/rooms/create/", {"room_name": "Movie Night", "user_name": "Alice"}).body
    joined = rest.post("/api/rooms/join/", {"room_id": made["room"]["id"], "user_name": "Bob"}).body

    for answer in (made, joined):
        key, public_id = answer["user"]["id"], answer["user"]["public_id"]
        assert key != public_id
        assert str(answer).count(key) == 1
        assert public_id in [user["id"] for user in answer["room"]["users"]]
    assert made["user"]["id"] not in str(joined)
