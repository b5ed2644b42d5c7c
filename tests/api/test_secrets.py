"""Keys are told once, to their owner. Nothing else that leaves the server holds a secret."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from syncplay_backend.rooms.models import Room, User
from tests.conftest import Connect
from tests.peer import Rest, Seat, create_room, join_room
from tests.process import ServerProcess

PASSWORD = "open-sesame-4711"


def secrets_of(seat: Seat) -> list[str]:
    """Of a member: the key in every form, and its hash."""
    key = UUID(seat.key)
    hashed = sha256(key.bytes).hexdigest()
    return [str(key), key.hex, hashed, str(key).upper()]


def stored_secrets(room_id: str) -> list[str]:
    """What the database holds and nobody may see."""
    room = Room.objects.get(id=room_id)
    rows = User.objects.filter(room=room)
    hashes = [bytes(row.key_hash).hex() for row in rows]
    return [*hashes, *(row.address for row in rows), room.password_hash, PASSWORD]


def ask_everything(rest: Rest, alice: Seat, bob: Seat, charlie: Seat) -> None:
    room = f"/api/rooms/{alice.room_id}/"
    for key in (None, alice.key, alice.public_id, charlie.key, "x" + alice.key):
        for path in ("/api/rooms/", room, f"{room}messages/", f"{room}nonsense/"):
            rest.get(path, key=key)
    for key in (alice.key, bob.key, alice.public_id, charlie.key, alice.key + "x"):
        for action in ("play", "seek", "nonsense"):
            rest.post(f"{room}control/", {"user_id": key, "action": action, "position": 3})
        rest.post(f"{room}change-video/", {"user_id": key, "video_url": "https://example.com/v"})
        rest.post(f"{room}control/", {"user_id": key, "action": "play"}, key=alice.key)
        rest.post(f"{room}control/", f'{{"user_id": "{key}", "action": ')
    rest.post("/api/rooms/join/", {"room_id": alice.room_id, "user_name": "Bob"})
    rest.delete(f"{room}leave/", {"user_id": bob.key})


def test_no_answer_and_no_log_line_holds_a_secret(server: ServerProcess, rest: Rest) -> None:
    alice = create_room(server, password=PASSWORD)
    bob = join_room(server, alice.room_id, "Bob", password=PASSWORD)
    stored = stored_secrets(alice.room_id)

    ask_everything(rest, alice, bob, charlie=create_room(server, user_name="Charlie"))

    said = "".join(rest.answers) + server.logged()
    secrets = [*secrets_of(alice), *secrets_of(bob), *filter(None, stored)]
    assert [secret for secret in secrets if secret in said] == []


def test_who_comes_in_is_told_no_key_but_its_own(server: ServerProcess, alice: Seat) -> None:
    rest = Rest(server)
    rest.post("/api/rooms/join/", {"room_id": alice.room_id, "user_name": "Bob"})
    assert alice.key not in "".join(rest.answers)


def test_of_a_key_the_database_has_only_the_hash(alice: Seat) -> None:
    row = User.objects.get(id=alice.public_id)

    assert bytes(row.key_hash) == sha256(UUID(alice.key).bytes).digest()
    kept = [str(value) for value in vars(row).values()]
    assert not any(alice.key in value or UUID(alice.key).hex in value for value in kept)


async def test_what_rest_does_tells_no_secret_to_sockets(
    server: ServerProcess, rest: Rest, alice: Seat, connect: Connect
) -> None:
    watching = await connect(server, alice)
    bob = join_room(server, alice.room_id, "Bob")
    play = {"user_id": alice.key, "action": "play", "position": 3}
    rest.post(f"/api/rooms/{alice.room_id}/control/", play)
    rest.delete(f"/api/rooms/{alice.room_id}/leave/", {"user_id": bob.key})
    await watching.expect("user_left", id=bob.public_id)

    said = "".join(watching.frames)
    assert [s for s in secrets_of(alice) + secrets_of(bob) if s in said] == []
