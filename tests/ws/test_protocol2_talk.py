"""Chat, reactions, and who is typing."""

import http.client

import pytest

from tests.conftest import GiveParty, StartServer
from tests.peer import Rest
from tests.process import ServerProcess
from tests.ws.conftest import Knock
from tests.ws.intime import CONTRACT, done, evening

TwoServers = tuple[ServerProcess, ServerProcess]
CHAT_BURST = 10


async def test_what_somebody_says_everybody_hears(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await them.bob.send("chat", text="Hello")

    for peer in (them.alice, them.bob):
        told = await peer.expect("chat")
        assert set(told) == {"type", "seq", "roomId", "userId", "timestamp", "data"}
        assert told["userId"] == them.bob.public_id
        assert told["data"] == {"text": "Hello", "position": 0}


async def test_it_is_told_with_where_the_video_was(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await done(them.alice, "seek", position=61.5)
    await them.bob.send("chat", text="look!")
    await them.bob.send("reaction", emoji="🎉")

    assert (await them.alice.expect("chat"))["data"] == {"text": "look!", "position": 61.5}
    assert (await them.alice.expect("reaction"))["data"] == {"emoji": "🎉", "position": 61.5}


async def test_it_is_kept(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    seq = await done(them.bob, "chat", text="Hello")
    await done(them.bob, "reaction", emoji="🎉")

    answer = Rest(server).get(f"/api/rooms/{them.room_id}/messages/?type=chat")

    assert answer.status == http.client.OK
    [kept] = answer.body["messages"]
    assert (kept["seq"], kept["user_id"]) == (seq, them.bob.public_id)
    assert kept["data"]["text"] == "Hello"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<b>bold</b> & \"quoted\" 'text'",
        "{{ 7 * 7 }} ${x} %s",
        "a \\u0000 that is written out",
        "שלום עולם 👩‍👩‍👧‍👦 é",
    ],
)
async def test_it_is_plain_text_and_arrives_as_it_was_written(
    server: ServerProcess, knock: Knock, text: str
) -> None:
    them = await evening(knock, server)
    await them.bob.send("chat", text=f"  {text} ")

    assert (await them.alice.expect("chat"))["data"]["text"] == text


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001, "a\x00b", "a\u202eb", 7, None, ["x"]])
async def test_what_is_no_line_is_refused(
    server: ServerProcess, knock: Knock, text: object
) -> None:
    them = await evening(knock, server)
    await them.bob.send("chat", text=text)
    assert set((await them.bob.expect_error("invalid"))["data"]["errors"]) == {"text"}
    await done(them.bob, "chat", text="x" * 2_000)


@pytest.mark.parametrize("emoji", ["", " ", "x" * 17, "\u200b", 7])
async def test_what_is_no_reaction_is_refused(
    server: ServerProcess, knock: Knock, emoji: object
) -> None:
    them = await evening(knock, server)
    await them.bob.send("reaction", emoji=emoji)
    assert set((await them.bob.expect_error("invalid"))["data"]["errors"]) == {"emoji"}


async def test_a_client_of_the_contract_is_not_troubled(
    server: ServerProcess, party: GiveParty
) -> None:
    them = await party(server)
    await them.bob.send("chat", text="Hello")
    await them.bob.send("reaction", emoji="🎉")
    await them.bob.send("typing", typing=True)
    await them.bob.send("leave")

    await them.alice.nothing_until("user_left")


async def test_that_somebody_types_the_others_see(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    await them.bob.send("typing", typing=True)

    told = await them.alice.expect("typing")
    assert told == {"type": "typing", "data": {"id": them.bob.public_id, "typing": True}}
    await them.bob.nothing_until("heartbeat", of="typing")
    await them.bob.send("typing", typing=False)
    await them.alice.expect("typing", typing=False)


async def test_it_is_no_event(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    before = await done(them.alice, "seek", position=1)
    await them.bob.send("typing", typing=True)
    await them.alice.expect("typing")

    assert await done(them.alice, "seek", position=2) == before + 1


async def test_who_is_at_another_process_sees_it_too(two_servers: TwoServers, knock: Knock) -> None:
    them = await evening(knock, two_servers[0])
    them.server = two_servers[1]
    charlie = await them.join("Charlie")
    await them.bob.send("typing", typing=True)

    await charlie.expect("typing", id=them.bob.public_id, typing=True)


async def test_who_has_not_joined_is_heard_by_nobody(server: ServerProcess, knock: Knock) -> None:
    them = await evening(knock, server)
    stranger = await knock(server, them.room_id)
    for kind, data in (("chat", {"text": "Hi"}), ("typing", {"typing": True})):
        await stranger.send(kind, **data)
        await stranger.expect_error("not_joined")
    await them.alice.nothing_until("heartbeat")


class TestLimits:
    async def test_who_talks_too_much_is_told_to_slow_down(
        self, start_server: StartServer, knock: Knock
    ) -> None:
        server = start_server(env={"RATE_LIMITS": "on"})
        them = await evening(knock, server)
        for line in range(CHAT_BURST + 1):
            await them.bob.send("chat", command_id=f"{line}", text="spam")

        refused = (await them.bob.expect_error("slow_down"))["data"]
        assert refused["retryable"] is True
        assert 0 < refused["retryAfter"] <= 1
        assert refused["ref"] == f"{CHAT_BURST}"

    async def test_reactions_are_talk_and_others_are_not_silenced(
        self, start_server: StartServer, knock: Knock
    ) -> None:
        server = start_server(env={"RATE_LIMITS": "on"})
        them = await evening(knock, server)
        for _ in range(CHAT_BURST + 1):
            await them.bob.send("reaction", emoji="!")
        await them.bob.expect_error("slow_down")

        await done(them.alice, "chat", text="quiet please")
        await done(them.alice, "seek", position=1)
        contra = await them.join("Contra", CONTRACT)
        await contra.nothing_until("heartbeat")

    async def test_over_rest_it_is_the_keys_own_limit(
        self, start_server: StartServer, knock: Knock
    ) -> None:
        server = start_server(env={"RATE_LIMITS": "on"})
        them = await evening(knock, server)
        wish = {"user_id": them.bob.key, "type": "chat", "data": {"text": "spam"}}
        path = f"/api/rooms/{them.room_id}/commands/"
        answers = [Rest(server).post(path, wish) for _ in range(CHAT_BURST + 1)]

        assert [answer.status for answer in answers[:-1]] == [200] * CHAT_BURST
        assert answers[-1].status == http.client.TOO_MANY_REQUESTS
        assert int(answers[-1].headers["Retry-After"]) >= 1
