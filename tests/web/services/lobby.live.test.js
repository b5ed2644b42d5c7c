/** The lobby against a real server. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { createLobby } from "../../../web/services/lobby.js";
import { Server } from "../server.js";

const server = new Server();
let lobby;

before(async () => {
  await server.start();
  lobby = createLobby({ base: server.url });
});
after(() => server.remove());

const create = (wish = {}) => lobby.create({ roomName: "Movie night", userName: "Alice", ...wish });

test("whoever creates a room has its host's place", async () => {
  const seat = await create();

  assert.equal(seat.isHost, true);
  assert.equal(seat.name, "Alice");
  assert.match(seat.socketUrl, /^ws:\/\/127\.0\.0\.1:\d+\/ws\/room\//);
  assert.notEqual(seat.key, seat.publicId);
});

test("whoever joins has another place in the same room", async () => {
  const host = await create();
  const seat = await lobby.join({ roomId: host.roomId, userName: "Bob" });

  assert.deepEqual([seat.roomId, seat.isHost], [host.roomId, false]);
  const room = await lobby.room(host.roomId);
  assert.deepEqual(room.members.map(({ name }) => name), ["Alice", "Bob"]);
});

test("the list has public rooms, with what they watch", async () => {
  const { roomId } = await create({ videoUrl: "https://example.com/film.mp4", videoTitle: "A film" });
  await create({ visibility: "private" });
  const { rooms } = await lobby.list({ limit: 10 });
  const room = rooms.find(({ id }) => id === roomId);

  assert.equal(room.video.title, "A film");
  assert.equal(room.count, 1);
  assert.ok(rooms.every(({ visibility }) => visibility === "public"));
  assert.equal((await lobby.list({ limit: 1 })).rooms.length, 1);
});

test("pages follow one another", async () => {
  await create();
  await create();
  const first = await lobby.list({ limit: 1 });
  const second = await lobby.list({ limit: 1, before: first.next });

  assert.notEqual(first.rooms[0].id, second.rooms[0].id);
});

test("a refusal says what is wrong, field by field", async () => {
  await assert.rejects(create({ userName: " " }), ({ name, code, message, errors }) => {
    assert.deepEqual([name, code], ["Refused", "invalid"]);
    assert.ok(message.length > 10);
    return errors.user_name.length === 1;
  });
});

test("a name that is taken, a password that is wrong, and a room that is not there", async () => {
  const { roomId } = await create({ password: "popcorn" });
  const join = (changes) => lobby.join({ roomId, userName: "Bob", password: "popcorn", ...changes });

  await assert.rejects(join({ userName: "alice" }), { code: "name_taken" });
  await assert.rejects(join({ password: "crisps" }), { code: "wrong_password" });
  await assert.rejects(join({ password: undefined }), { code: "wrong_password" });
  await assert.rejects(join({ roomId: "00000000-0000-4000-8000-000000000000" }), { code: "room_not_found" });
  assert.equal((await join()).name, "Bob");
});

test("a private room is read by its members only", async () => {
  const { roomId, key } = await create({ visibility: "private" });

  await assert.rejects(lobby.room(roomId), { code: "unknown_user" });
  await assert.rejects(lobby.messages(roomId), { code: "unknown_user" });
  assert.equal((await lobby.room(roomId, key)).visibility, "private");
  const [first] = await lobby.messages(roomId, { key, limit: 5 });
  assert.deepEqual([first.type, first.seq, first.data.name], ["user_joined", 1, "Alice"]);
});

test("whoever leaves has no place any more", async () => {
  const { roomId } = await create();
  const { key } = await lobby.join({ roomId, userName: "Bob" });
  await lobby.leave(roomId, key);

  assert.equal((await lobby.room(roomId)).members.length, 1);
  await assert.rejects(lobby.leave(roomId, key), { code: "unknown_user" });
});

test("where nobody answers it says so", async () => {
  const nobody = createLobby({ base: "http://127.0.0.1:9" });
  await assert.rejects(nobody.list(), { code: "offline" });
});

test("where somebody else answers, too", async () => {
  const answers = (body, status = 200) => createLobby({ fetch: async () => new Response(body, { status }) });

  await assert.rejects(answers("<html>").list(), { code: "unreadable" });
  await assert.rejects(answers('{"rooms": 7}').list(), { code: "unreadable" });
  await assert.rejects(answers("<html>", 502).list(), { code: "unreadable", message: /HTTP 502/ });
});

test("how long to wait is told", async () => {
  const body = JSON.stringify({ status: "error", code: "slow_down", message: "Wait." });
  const busy = createLobby({
    fetch: async () => new Response(body, { status: 429, headers: { "Retry-After": "7" } }),
  });

  await assert.rejects(busy.list(), { code: "slow_down", retryAfter: 7 });
});
