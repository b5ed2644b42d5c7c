"""A client of the contract may ignore the key that REST gave it, and come with one of its own."""

from datetime import UTC, datetime, timedelta

from syncplay_backend.services.addresses import fingerprint
from tests.peer import Rest, create_room, join_room
from tests.process import ServerProcess
from tests.ws.cast import ask_to_join, change_member, fresh_key, named, names
from tests.ws.conftest import Knock

ELSEWHERE = "127.0.0.2"


async def test_the_place_of_a_rest_join_goes_to_its_name(
    server: ServerProcess, knock: Knock
) -> None:
    hosting = create_room(server)
    alice = await knock(server, hosting.room_id)
    await alice.join(hosting.key)
    place = join_room(server, hosting.room_id, "Bob")
    bob = await knock(server, hosting.room_id)

    room = await bob.join(fresh_key(), "Bob")

    assert names(room) == ["Alice", "Bob"]
    assert named(room, "Bob")["id"] == place.public_id
    await alice.expect("user_joined", id=place.public_id, is_online=False)
    await alice.expect("user_joined", id=place.public_id, is_online=True)


async def test_the_key_of_a_claimed_place_is_dead(server: ServerProcess, knock: Knock) -> None:
    place = join_room(server, create_room(server).room_id, "Bob")
    bob = await knock(server, place.room_id)
    await bob.join(fresh_key(), "Bob")

    charlie = await knock(server, place.room_id)
    await ask_to_join(charlie, place.key)
    await charlie.expect_error("unknown_user")

    await ask_to_join(charlie, place.key, "Bob")
    await charlie.expect_error("name_taken")
    wish = {"user_id": place.key, "action": "pause"}
    assert Rest(server).post(f"/api/rooms/{place.room_id}/control/", wish).status == 401


async def test_a_place_is_claimed_once(server: ServerProcess, knock: Knock) -> None:
    place = join_room(server, create_room(server).room_id, "Bob")
    bob, charlie = await knock(server, place.room_id), await knock(server, place.room_id)
    await bob.join(fresh_key(), "Bob")

    await ask_to_join(charlie, fresh_key(), "Bob")

    await charlie.expect_error("name_taken")


async def test_a_claimed_place_stays_its_new_holders_after_it_dropped(
    server: ServerProcess, knock: Knock
) -> None:
    hosting = create_room(server)
    place = join_room(server, hosting.room_id, "Bob")
    alice, bob = await knock(server, place.room_id), await knock(server, place.room_id)
    await alice.join(hosting.key)
    await bob.join(fresh_key(), "Bob")
    await bob.close()
    await alice.expect("user_offline", name="Bob")

    charlie = await knock(server, place.room_id)
    await ask_to_join(charlie, fresh_key(), "Bob")

    await charlie.expect_error("name_taken")


async def test_the_hosts_place_never_gives_way(server: ServerProcess, knock: Knock) -> None:
    charlie = await knock(server, create_room(server).room_id)

    await ask_to_join(charlie, fresh_key(), "Alice")

    await charlie.expect_error("name_taken")


async def test_a_place_with_a_role_never_gives_way(server: ServerProcess, knock: Knock) -> None:
    place = join_room(server, create_room(server).room_id, "Bob")
    await change_member(place.public_id, role="moderator")
    charlie = await knock(server, place.room_id)

    await ask_to_join(charlie, fresh_key(), "Bob")

    await charlie.expect_error("name_taken")


async def test_a_place_from_another_address_never_gives_way(
    server: ServerProcess, knock: Knock
) -> None:
    place = join_room(server, create_room(server).room_id, "Bob")
    charlie = await knock(server, place.room_id, address=ELSEWHERE)

    await ask_to_join(charlie, fresh_key(), "Bob")

    await charlie.expect_error("name_taken")


def test_an_address_that_is_not_known_is_nobodys() -> None:
    assert fingerprint("") == ""  # and never equal: see `_may_claim`


async def test_a_place_whose_key_was_shown_to_rest_never_gives_way(
    server: ServerProcess, knock: Knock
) -> None:
    place = join_room(server, create_room(server).room_id, "Bob")
    assert Rest(server).get(f"/api/rooms/{place.room_id}/", key=place.key).status == 200
    wish = {"user_id": place.key, "action": "pause"}
    assert Rest(server).post(f"/api/rooms/{place.room_id}/control/", wish).status == 403
    charlie = await knock(server, place.room_id)

    await ask_to_join(charlie, fresh_key(), "Bob")

    await charlie.expect_error("name_taken")


async def test_a_place_gives_way_for_two_minutes_only(server: ServerProcess, knock: Knock) -> None:
    place = join_room(server, create_room(server).room_id, "Bob")
    await change_member(place.public_id, joined_at=datetime.now(UTC) - timedelta(seconds=121))
    charlie = await knock(server, place.room_id)

    await ask_to_join(charlie, fresh_key(), "Bob")

    await charlie.expect_error("name_taken")
