"""A member who is short of video holds the room, for no longer than was said."""

from uuid import UUID

import pytest
from channels.db import database_sync_to_async
from django.db import connection

from syncplay_backend.rooms.known import new_stamp
from syncplay_backend.rooms.models import Room
from tests.peer import Frame, Peer, Rest
from tests.process import ServerProcess
from tests.ws.conftest import Knock
from tests.ws.intime import CONTRACT, Evening, done, evening, say

TwoServers = tuple[ServerProcess, ServerProcess]
FIRST_LOAD, REBUFFER = 60_000, 10_000


def room_of(them: Evening) -> Frame:
    answer = Rest(them.server).get(f"/api/rooms/{them.room_id}/")
    assert answer.status == 200
    room: Frame = answer.body["room"]
    return room


async def end_the_time(room_id: str) -> None:
    """Let the stored deadlines of the wait have passed."""
    await database_sync_to_async(_end_the_time)(UUID(room_id))


def _end_the_time(room_id: UUID) -> None:
    row = Room.objects.get(id=room_id)
    row.waiting["members"] = dict.fromkeys(row.waiting["members"], row.waiting["since"] + 1)
    row.wait_until = row.waiting["since"] + 1
    Room.objects.filter(id=room_id).update(
        waiting=row.waiting, wait_until=row.wait_until, stamp=new_stamp()
    )
    connection.close()


class TestStandingStill:
    async def test_everybody_is_told_for_whom_and_until_when(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await them.is_playing()
        await say(them.bob, "buffering", position=3)

        told = [(await peer.expect("waiting"))["data"] for peer in (them.alice, them.bob)]
        assert told[0] == told[1]
        assert told[0]["for"] == [them.bob.public_id]
        assert told[0]["until"] - told[0]["since"] == REBUFFER
        assert told[0]["isPlaying"] is False

    async def test_the_room_stands_where_the_room_was_and_not_where_the_player_is(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        play = (await them.is_playing())["data"]
        await say(them.bob, "buffering", position=3)
        wait = (await them.alice.expect("waiting"))["data"]

        passed = max(0, wait["at"] - play["at"]) / 1000
        assert wait["position"] == pytest.approx(100 + passed, abs=0.002)
        room = room_of(them)
        assert (room["current_position"], room["is_playing"]) == (wait["position"], False)

    async def test_it_is_part_of_the_room(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server)
        assert room_of(them)["waiting"] is None
        wait = (await them.is_waiting_for_bob())["data"]

        assert room_of(them)["waiting"] == {name: wait[name] for name in ("for", "since", "until")}

    async def test_a_client_of_the_contract_is_shown_a_room_that_stands_still(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        contra = await them.join("Contra", CONTRACT)
        await them.is_waiting_for_bob()

        await contra.expect("play")
        room = (await contra.expect("room_update"))["data"]
        assert (room["is_playing"], room["waiting"]["for"]) == (False, [them.bob.public_id])

    async def test_the_first_load_of_a_video_may_take_a_minute(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await say(them.bob, "buffering")
        await them.alice.send("play")

        await them.bob.expect("play")
        wait = (await them.bob.expect("waiting"))["data"]
        assert wait["until"] - wait["since"] == FIRST_LOAD

    async def test_so_may_the_next_one(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server)
        await them.is_playing()
        await done(them.alice, "video_changed", videoUrl="https://example.com/next.mp4")
        await say(them.bob, "buffering")
        await them.alice.send("play")

        wait = (await them.bob.expect("waiting"))["data"]
        assert wait["until"] - wait["since"] == FIRST_LOAD

    async def test_two_are_waited_for_together(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server)
        first = (await them.is_waiting_for_bob())["data"]
        await say(them.alice, "buffering")
        both = (await them.bob.expect("waiting"))["data"]

        assert set(both["for"]) == {them.alice.public_id, them.bob.public_id}
        assert (both["since"], both["position"]) == (first["since"], first["position"])
        assert both["until"] - both["since"] <= REBUFFER + (both["at"] - both["since"])
        await say(them.bob, "ready")
        assert (await them.bob.expect("waiting"))["data"]["for"] == [them.alice.public_id]
        await say(them.alice, "ready")
        await them.bob.expect("play")


class TestGoingOn:
    async def test_when_the_last_one_is_ready_a_scheduled_play_ends_it(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        wait = await them.is_waiting_for_bob()
        await say(them.bob, "ready")

        play = await them.alice.expect("play")
        assert play == await them.bob.expect("play")
        assert (play["userId"], play["seq"]) == (None, wait["seq"] + 1)
        assert play["data"]["position"] == wait["data"]["position"]
        assert play["data"]["at"] >= wait["data"]["at"] + 250
        assert room_of(them)["waiting"] is None

    @pytest.mark.parametrize("how", ["leave", "close", "abort"])
    async def test_nobody_waits_for_who_is_gone(
        self, server: ServerProcess, knock: Knock, how: str
    ) -> None:
        them = await evening(knock, server)
        wait = await them.is_waiting_for_bob()
        await getattr(them.bob, how)()

        play = await them.alice.expect("play")
        assert play["data"]["position"] == wait["data"]["position"]

    @pytest.mark.parametrize("state", ["blocked", "hidden"])
    async def test_nobody_waits_for_who_is_blocked_or_hidden_by_now(
        self, server: ServerProcess, knock: Knock, state: str
    ) -> None:
        them = await evening(knock, server)
        await them.is_waiting_for_bob()
        await say(them.bob, state)

        await them.alice.expect("play")

    async def test_who_may_control_goes_on_without_them(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        wait = (await them.is_waiting_for_bob())["data"]
        await them.alice.send("play")

        play = await them.bob.expect("play")
        assert (play["userId"], play["data"]["position"]) == (
            them.alice.public_id,
            wait["position"],
        )
        await say(them.bob, "hidden")
        await say(them.bob, "buffering")
        await done(them.alice, "seek", position=1)
        await them.bob.nothing_until("seek", of="waiting")

    async def test_a_client_of_the_contract_goes_on_without_them_too(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server, settings={"control": "everyone"})
        contra = await them.join("Contra", CONTRACT)
        await them.is_waiting_for_bob()
        await contra.send("play")

        await them.alice.expect("play")
        assert room_of(them)["waiting"] is None

    async def test_who_may_not_control_does_not(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server)
        charlie = await them.join("Charlie")
        await them.is_waiting_for_bob()
        await charlie.send("play")

        await charlie.expect_error("not_allowed")
        assert room_of(them)["waiting"]

    async def test_a_pause_ends_it_and_nothing_starts_again(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await them.is_waiting_for_bob()
        await done(them.alice, "pause")
        await say(them.bob, "ready")
        await done(them.alice, "seek", position=1)

        await them.bob.expect("pause")
        await them.bob.nothing_until("seek", of=["play", "waiting"])

    async def test_it_ends_when_its_time_is_over(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server)
        wait = (await them.is_waiting_for_bob())["data"]
        await end_the_time(them.room_id)

        play = (await them.alice.expect("play"))["data"]
        assert play["position"] == wait["position"]
        room = room_of(them)
        assert (room["waiting"], room["is_playing"]) == (None, True)

    async def test_any_process_ends_it_once(self, two_servers: TwoServers, knock: Knock) -> None:
        them = await evening(knock, two_servers[0])
        await them.is_waiting_for_bob()
        await end_the_time(them.room_id)

        await them.alice.expect("play")
        await done(them.alice, "seek", position=1)
        await them.alice.nothing_until("heartbeat", of=["play", "waiting"])
        assert len(them.alice.seen("play")) == 2


class TestForWhom:
    async def nobody_waits(self, them: Evening, who: Peer) -> None:
        await say(who, "buffering")
        await done(them.alice, "seek", position=1)
        seek = await them.bob.expect("seek")
        assert seek["data"]["isPlaying"] is True
        assert them.bob.seen("waiting") == []
        assert room_of(them)["waiting"] is None

    @pytest.mark.parametrize(("policy", "waits"), [("all", True), ("host", True), ("never", False)])
    async def test_the_host_is_waited_for_unless_nobody_is(
        self, server: ServerProcess, knock: Knock, policy: str, waits: bool
    ) -> None:
        them = await evening(knock, server, settings={"wait": policy})
        await them.is_playing()
        if waits:
            await say(them.alice, "buffering")
            assert (await them.bob.expect("waiting"))["data"]["for"] == [them.alice.public_id]
        else:
            await self.nobody_waits(them, them.alice)

    @pytest.mark.parametrize("policy", ["host", "never"])
    async def test_a_viewer_is_waited_for_where_all_are(
        self, server: ServerProcess, knock: Knock, policy: str
    ) -> None:
        them = await evening(knock, server, settings={"wait": policy})
        await them.is_playing()
        await self.nobody_waits(them, them.bob)

    async def test_a_joiner_is_not_waited_for(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server)
        await them.is_playing()
        await self.nobody_waits(them, await them.join("Charlie"))

    async def test_a_client_of_the_contract_is_not_waited_for_whatever_it_says(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        contra = await them.join("Contra", CONTRACT)
        await them.is_playing()
        await self.nobody_waits(them, contra)

    async def test_who_was_gone_on_without_is_waited_for_once_it_has_been_ready(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await them.is_waiting_for_bob()
        await done(them.alice, "play")
        await say(them.bob, "ready")
        await say(them.bob, "buffering")

        assert (await them.alice.expect("waiting"))["data"]["for"] == [them.bob.public_id]

    async def test_who_watches_on_another_device_is_not_waited_for(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await them.is_playing()
        phone = await knock(server, them.room_id)
        await phone.join(str(them.bob.key), protocol=2)
        await say(phone, "ready")
        await self.nobody_waits(them, them.bob)

    async def test_a_room_that_waits_for_nobody_any_more_goes_on(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await them.is_waiting_for_bob()
        await them.alice.send("settings", wait="never")

        await them.bob.expect("settings_changed")
        await them.bob.expect("play")
