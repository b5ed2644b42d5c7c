"""The contract, played from end to end with the order's own examples, on each of the servers.

Alice hosts, Bob watches, Charlie has never heard of REST.
"""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Connect
from tests.peer import Frame, Peer, Rest, Seat
from tests.process import ServerProcess

CREATE_ROOM = """{
    "room_name": "Movie Night",
    "user_name": "Alice"
  }"""
JOIN_ROOM = """{
    "room_id": "550e8400-e29b-41d4-a716-446655440000",
    "user_name": "Bob"
  }"""
CONTROL = """{
    "user_id": "host-user-id",
    "action": "play",
    "position": 120
  }"""
JOIN = """{
  "type": "join",
  "userId": "user-uuid",
  "data": {
    "userName": "User Name"
  }
}"""
PLAY = """{
  "type": "play",
  "userId": "user-uuid",
  "data": {
    "position": 120
  }
}"""
VIDEO_CHANGED = """{
  "type": "video_changed",
  "userId": "user-uuid",
  "data": {
    "videoUrl": "https://example.com/video.mp4",
    "videoTitle": "Video Title"
  }
}"""

ROOM = {
    "id", "name", "host_id", "current_video_url", "current_video_title", "current_position",
    "is_playing", "created_at", "users", "user_count", "playback_rate", "seq", "epoch",
    "server_time", "settings",
}  # fmt: skip
USER = {"id", "name", "is_host", "is_online", "joined_at", "role"}
MESSAGE = {"id", "seq", "user_id", "type", "data", "timestamp"}
PLAYBACK = {"position", "at", "isPlaying", "rate"}


def written(example: str, **blanks: str) -> str:
    """An example of the order with what stands for something else filled in."""
    for blank, value in blanks.items():
        example = example.replace(blank.replace("_", "-"), value)
    return example


@dataclass
class Evening:
    """One movie night. Its methods are what happens, in this order."""

    server: ServerProcess
    connect: Connect

    def __post_init__(self) -> None:
        self.rest = Rest(self.server)
        self.hosting: Seat
        self.watching: Seat
        self.alice: Peer
        self.bob: Peer
        self.charlie: Peer

    @property
    def path(self) -> str:
        return f"/api/rooms/{self.hosting.room_id}"

    def room(self) -> Frame:
        status, _, body = self.rest.get(f"{self.path}/")
        assert (status, body["status"]) == (200, "success")
        room: Frame = body["room"]
        return room

    def the_server_is_healthy(self) -> None:
        status, _, body = self.rest.get("/api/health/")
        assert (status, body["status"]) == (200, "healthy")
        assert body["checks"] == {"database": "ok", "channel_layer": "ok"}
        assert {"version", "timestamp"} <= set(body)

    def alice_creates_a_room(self) -> None:
        self.hosting = self._seat(self.rest.post("/api/rooms/create/", CREATE_ROOM), 201)
        room, user = self.hosting.room, self.hosting.user
        assert set(room) >= ROOM
        assert room["name"] == "Movie Night"
        assert room["host_id"] == user["public_id"] != user["id"]
        assert (room["current_position"], room["is_playing"]) == (0, False)
        assert (user["name"], user["is_host"]) == ("Alice", True)

    def bob_joins_it(self) -> None:
        body = JOIN_ROOM.replace("550e8400-e29b-41d4-a716-446655440000", self.hosting.room_id)
        self.watching = self._seat(self.rest.post("/api/rooms/join/", body), 200)
        assert [user["name"] for user in self.watching.room["users"]] == ["Alice", "Bob"]
        assert all(set(user) >= USER for user in self.watching.room["users"])
        assert self.watching.user["is_host"] is False
        assert self.watching.room["user_count"] == 2

    def _seat(self, answer: Any, status: int) -> Seat:
        assert (answer.status, answer.body["status"]) == (status, "success"), answer.body
        assert answer.body["websocket_url"].startswith(f"{self.server.ws_url}/ws/room/")
        return Seat(answer.body["room"], answer.body["user"], answer.body["websocket_url"])

    def the_room_is_listed(self) -> None:
        status, _, body = self.rest.get("/api/rooms/")
        assert (status, body["status"]) == (200, "success")
        assert body["count"] == len(body["rooms"])
        assert self.hosting.room_id in [room["id"] for room in body["rooms"]]

    async def both_connect(self) -> None:
        self.alice = await self._join(self.hosting, "Alice")
        self.bob = await self._join(self.watching, "Bob")
        joined = await self.alice.expect("user_joined", id=self.watching.public_id)
        assert set(joined) == {"type", "seq", "roomId", "userId", "timestamp", "data"}
        assert set(joined["data"]) == USER
        assert joined["data"]["is_online"] is True

    async def _join(self, seat: Seat, name: str) -> Peer:
        peer = await self.connect(self.server, seat)
        frame = written(JOIN, user_uuid=seat.key).replace("User Name", name)
        await peer.raw(frame)  # a join once more shows the room once more
        shown = (await peer.expect("room_update"))["data"]
        assert set(shown) >= ROOM
        assert name in [user["name"] for user in shown["users"] if user["is_online"]]
        return peer

    async def alice_chooses_a_video(self) -> None:
        await self.alice.raw(written(VIDEO_CHANGED, user_uuid=self.hosting.key))
        data = (await self.bob.expect("video_changed"))["data"]
        assert data["videoUrl"] == "https://example.com/video.mp4"
        assert data["videoTitle"] == "Video Title"
        assert (data["position"], data["isPlaying"]) == (0, False)
        assert self.room()["current_video_url"] == "https://example.com/video.mp4"

    async def alice_plays(self) -> None:
        await self.alice.raw(written(PLAY, user_uuid=self.hosting.key))
        told = await self.bob.expect("play")
        assert set(told["data"]) == PLAYBACK
        assert (told["data"]["position"], told["data"]["isPlaying"]) == (120, True)
        assert '"position":120,' in self.bob.frames[-1]
        assert told["userId"] == self.hosting.public_id

    async def charlie_comes_in_with_a_socket_alone(self) -> None:
        guest = {"id": str(uuid4()), "name": "Charlie"}
        self.charlie = await self.connect(self.server, Seat(self.hosting.room, guest, ""))
        room = json.loads(self.charlie.frames[0])["data"]
        assert room["is_playing"] is True
        assert room["current_position"] >= 120
        for peer in (self.alice, self.bob):
            await peer.expect("user_joined", name="Charlie", is_online=True)
        assert self.room()["user_count"] == 3

    async def the_position_advances(self) -> None:
        first = later = self.room()
        while later["server_time"] == first["server_time"]:
            later = self.room()
        passed = (later["server_time"] - first["server_time"]) / 1000
        moved = later["current_position"] - first["current_position"]
        assert moved == pytest.approx(passed, abs=0.0015)

    async def alice_pauses_and_seeks(self) -> None:
        await self.alice.send("pause", position=130.25)
        await self.alice.send("seek", position=60)
        for peer in (self.bob, self.charlie):
            await peer.expect("pause", position=130.25, isPlaying=False)
            await peer.expect("seek", position=60, isPlaying=False)
        await self.alice.nothing_until("heartbeat")  # no echo

    async def alice_controls_over_rest(self) -> None:
        body = written(CONTROL, host_user_id=self.hosting.key)
        status, _, answer = self.rest.post(f"{self.path}/control/", body)
        assert (status, answer["room"]["is_playing"]) == (200, True)
        wish = {"user_id": self.hosting.key, "video_url": "https://example.com/other.mp4"}
        assert self.rest.post(f"{self.path}/change-video/", wish).status == 200
        for peer in (self.alice, self.bob, self.charlie):
            await peer.expect("play", position=120)
            await peer.expect("video_changed", videoUrl="https://example.com/other.mp4")

    async def bob_may_not(self) -> None:
        await self.bob.raw(written(PLAY, user_uuid=self.watching.key))
        await self.bob.expect_error("not_allowed")
        wish = {"user_id": self.watching.key, "action": "play", "position": 1}
        status, _, answer = self.rest.post(f"{self.path}/control/", wish)
        assert (status, answer["status"], answer["code"]) == (403, "error", "not_allowed")
        assert self.room()["is_playing"] is False

    async def mistakes_are_answered(self) -> None:
        await self.bob.raw("{")
        await self.bob.expect_error("invalid")
        await self.bob.send("dance")
        await self.bob.expect_error("invalid")
        for answer, status, code in (
            (self.rest.post("/api/rooms/create/", {}), 400, "invalid"),
            (self.rest.get(f"/api/rooms/{uuid4()}/"), 404, "room_not_found"),
            (self.rest.get("/api/nowhere/"), 404, "not_found"),
            (self.rest.get("/api/rooms/create/"), 405, "method_not_allowed"),
        ):
            assert (answer.status, answer.body["status"]) == (status, "error")
            assert answer.body["code"] == code
            assert answer.body["message"]

    async def everybody_has_the_time(self) -> None:
        for peer in (self.alice, self.bob, self.charlie):
            await peer.send("heartbeat")
            data = (await peer.expect("heartbeat"))["data"]
            assert data["timestamp"] == data["at"] / 1000

    def the_history_tells_it_all(self) -> None:
        status, _, body = self.rest.get(f"{self.path}/messages/")
        assert (status, body["status"]) == (200, "success")
        assert body["count"] == len(body["messages"])
        assert all(set(message) == MESSAGE for message in body["messages"])
        assert [message["seq"] for message in body["messages"]] == [*range(1, body["count"] + 1)]
        told = [m["type"] for m in body["messages"] if not m["type"].startswith("user_")]
        controls = ["video_changed", "play", "pause", "seek", "play", "video_changed"]
        assert told == controls

    async def bob_drops_and_comes_back(self) -> None:
        await self.bob.abort()
        gone = (await self.alice.expect("user_offline"))["data"]
        assert gone == {"id": self.watching.public_id, "name": "Bob"}
        self.bob = await self.connect(self.server, self.watching)
        await self.alice.expect("user_joined", id=self.watching.public_id, is_online=True)
        assert self.room()["user_count"] == 3

    async def alice_leaves_and_bob_is_host(self) -> None:
        answer = self.rest.delete(f"{self.path}/leave/", {"user_id": self.hosting.key})
        assert (answer.status, answer.body["status"]) == (200, "success")
        assert await self.alice.closed() == 1000
        for peer in (self.bob, self.charlie):
            left = (await peer.expect("user_left"))["data"]
            assert left["id"] == left["user_id"] == self.hosting.public_id
            room = (await peer.expect("room_update"))["data"]
            assert room["host_id"] == self.watching.public_id
        await self.bob.send("play", position=7)
        await self.charlie.expect("play", position=7)

    async def bob_leaves_too(self) -> None:
        await self.bob.send("leave")
        assert await self.bob.closed() == 1000
        await self.charlie.expect("user_left", id=self.watching.public_id)
        assert [user["name"] for user in self.room()["users"]] == ["Charlie"]
        wish = {"user_id": self.watching.key, "action": "play"}
        answer = self.rest.post(f"{self.path}/control/", wish)
        assert answer.status == http.client.UNAUTHORIZED


async def test_a_movie_night(any_server: ServerProcess, connect: Connect) -> None:
    evening = Evening(any_server, connect)
    evening.the_server_is_healthy()
    evening.alice_creates_a_room()
    evening.bob_joins_it()
    evening.the_room_is_listed()
    await evening.both_connect()
    await evening.alice_chooses_a_video()
    await evening.alice_plays()
    await evening.charlie_comes_in_with_a_socket_alone()
    await evening.the_position_advances()
    await evening.alice_pauses_and_seeks()
    await evening.alice_controls_over_rest()
    await evening.bob_may_not()
    await evening.mistakes_are_answered()
    await evening.everybody_has_the_time()
    evening.the_history_tells_it_all()
    await evening.bob_drops_and_comes_back()
    await evening.alice_leaves_and_bob_is_host()
    await evening.bob_leaves_too()
