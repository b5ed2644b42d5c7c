// A bare relay: rooms and sockets, and nothing else. What is as fast as it can be with Node and `ws`.
// Usage: NODE_PATH=<where ws is installed> node relay.cjs PORT

const { WebSocketServer } = require("ws");

const rooms = new Map();
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]) });

server.on("connection", (socket, request) => {
  const room = rooms.get(request.url) ?? rooms.set(request.url, new Set()).get(request.url);
  room.add(socket);
  socket.on("message", (data) => {
    if (data.toString("latin1", 0, 14) === '{"type":"join"') {
      socket.send('{"type":"room_update","data":{}}');
      return;
    }
    for (const other of room) {
      if (other !== socket) other.send(data, { binary: false });
    }
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    room.delete(socket);
    if (room.size === 0) rooms.delete(request.url);
  });
});
