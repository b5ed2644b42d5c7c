"""The room that a command means, the speed of the video, and how the room is to be."""

import pytest

from tests.conftest import GiveParty
from tests.peer import Rest
from tests.process import ServerProcess
from tests.ws.conftest import Knock
from tests.ws.intime import done, evening


class TestExpecting:
    async def test_a_room_that_is_as_it_was_obeys(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        seq = await done(them.alice, "seek", position=5)
        await done(them.bob, "chat", text="does not count")

        assert await done(them.alice, "seek", position=6, expect={"seq": seq}) == seq + 2

    @pytest.mark.parametrize("kind", ["play", "pause", "seek", "rate", "video_changed"])
    async def test_where_somebody_was_faster_nothing_changes(
        self, server: ServerProcess, knock: Knock, kind: str
    ) -> None:
        them = await evening(knock, server)
        await done(them.alice, kind, position=5, rate=2, videoUrl="https://example.com/v.mp4")
        before = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]

        seen = before["seq"] - 1
        await them.alice.send("seek", command_id="late", position=9, expect={"seq": seen})

        assert (await them.alice.expect_error("conflict"))["data"]["ref"] == "late"
        assert Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]["seq"] == before["seq"]

    async def test_a_command_that_is_done_stays_done_whatever_it_expected(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        command = {"position": 9, "expect": {"seq": them.room["seq"]}}
        for _ in range(2):
            await them.alice.send("seek", command_id="once", **command)
            await them.alice.expect("ack", ref="once")

    @pytest.mark.parametrize("expect", [{}, {"seq": "1"}, {"seq": -1}, 7, "now"])
    async def test_what_is_no_expectation_is_refused(
        self, server: ServerProcess, knock: Knock, expect: object
    ) -> None:
        them = await evening(knock, server)
        await them.alice.send("seek", position=9, expect=expect)
        await them.alice.expect_error("invalid")


class TestRates:
    @pytest.mark.parametrize("rate", [0.25, 1.5, 4])
    async def test_a_rate_is_told_with_where_the_video_is(
        self, server: ServerProcess, knock: Knock, rate: float
    ) -> None:
        them = await evening(knock, server)
        play = await them.is_playing()
        await them.alice.send("rate", rate=rate)
        told = (await them.bob.expect("rate"))["data"]

        passed = max(0, told["at"] - play["data"]["at"]) / 1000
        assert told["position"] == pytest.approx(100 + passed, abs=0.002)
        assert (told["rate"], told["isPlaying"]) == (rate, True)

    async def test_the_position_is_exact_across_changes(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        play = await them.is_playing()
        position, since, rate = 100.0, play["data"]["at"], 1.0
        for other in (2, 0.5, 4, 1.25):
            await them.alice.send("rate", rate=other)
            told = (await them.bob.expect("rate"))["data"]
            position += max(0, told["at"] - since) / 1000 * rate
            since, rate = max(since, told["at"]), told["rate"]
            assert told["position"] == pytest.approx(position, abs=0.005)

    @pytest.mark.parametrize("rate", [0.2, 4.01, 0, -1, "1", True, None])
    async def test_what_is_no_rate_is_refused(
        self, server: ServerProcess, knock: Knock, rate: object
    ) -> None:
        them = await evening(knock, server)
        await them.alice.send("rate", rate=rate)
        assert set((await them.alice.expect_error("invalid"))["data"]["errors"]) == {"rate"}

    async def test_a_viewer_sets_none(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server)
        await them.bob.send("rate", rate=2)
        await them.bob.expect_error("not_allowed")

    async def test_a_new_video_runs_at_normal_speed(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await done(them.alice, "rate", rate=2)
        await done(them.alice, "video_changed", videoUrl="https://example.com/v.mp4")

        room = Rest(server).get(f"/api/rooms/{them.room_id}/").body["room"]
        assert room["playback_rate"] == 1


class TestSettings:
    async def test_the_host_changes_them_and_everybody_is_told(
        self, server: ServerProcess, knock: Knock
    ) -> None:
        them = await evening(knock, server)
        await done(them.alice, "settings", wait="never")

        told = await them.bob.expect("settings_changed")
        assert told["data"]["settings"] == {"control": "host", "wait": "never"}

    async def test_nobody_else_does(self, server: ServerProcess, knock: Knock) -> None:
        them = await evening(knock, server, settings={"control": "everyone"})
        await them.bob.send("settings", wait="never")
        await them.bob.expect_error("not_allowed")

    async def test_a_client_of_the_contract_is_shown_the_room(
        self, server: ServerProcess, party: GiveParty
    ) -> None:
        them = await party(server)
        await them.alice.send("settings", control="everyone")

        room = (await them.bob.expect("room_update"))["data"]
        assert room["settings"] == {"control": "everyone", "wait": "all"}
