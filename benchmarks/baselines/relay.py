"""The bare relay in Python, for machines without Node: picows, rooms and sockets, nothing else.

python relay.py PORT
"""

import sys
from collections import defaultdict
from typing import Any

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

JOIN = b'{"type":"join"'

rooms: dict[str, set[WSTransport]] = defaultdict(set)


class Socket(WSListener):
    def __init__(self, path: str) -> None:
        self.room = rooms[path]

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.room.add(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
            return
        text = frame.get_payload_as_bytes()
        if text.startswith(JOIN):
            transport.send(WSMsgType.TEXT, b'{"type":"room_update","data":{}}')
            return
        for other in self.room:
            if other is not transport:
                other.send(WSMsgType.TEXT, text)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.room.discard(transport)


async def main(port: int) -> None:
    def socket(request: Any) -> Socket:
        return Socket(request.path.decode())

    server = await ws_create_server(socket, "127.0.0.1", port, backlog=8_192)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
