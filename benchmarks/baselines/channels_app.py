"""The consumer of Channels' tutorial, part 3, with rooms of ours: a group a room, every frame
through the channel layer in memory. Served as SyncPlay is, without a database.
"""

import json
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for a benchmark",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402


class RoomConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    async def connect(self) -> None:
        self.group = f"room_{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = json.loads(text_data or "")
        if message["type"] == "join":
            await self.send(text_data='{"type":"room_update","data":{}}')
            return
        await self.channel_layer.group_send(
            self.group, {"type": "room.message", "message": message}
        )

    async def room_message(self, event: dict[str, Any]) -> None:
        text = json.dumps(event["message"], separators=(",", ":"))
        await self.send(text_data=text)


router = URLRouter([re_path(r"^ws/room/(?P<room>[^/]+)/$", RoomConsumer.as_asgi())])
application = ProtocolTypeRouter({"websocket": router})
