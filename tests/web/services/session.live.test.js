/** Sessions against a real server, in real time. */

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { positionAt } from "../../../web/domain/timeline.js";
import { createLobby } from "../../../web/services/lobby.js";
import { createSession } from "../../../web/services/session.js";
import { eventually } from "../eventually.js";
import { VirtualPlayer } from "../player.js";
import { Server } from "../server.js";

const FILM = "https://example.com/film.mp4";
const server = new Server();
let lobby;
let sessions = [];

before(async () => {
  await server.start();
  lobby = createLobby({ base: server.url });
});
afterEach(() => {
  for (const session of sessions) session.close();
  sessions = [];
});
after(() => server.remove());

function enter(seat) {
  const session = createSession({ roomId: seat.roomId, seat, protocolUrl: seat.socketUrl, lobby });
  sessions.push(session);
  return session;
}

/** Alice hosts, Bob watches; both are in. */
async function party(wish = {}) {
  const host = await lobby.create({ roomName: "Movie night", userName: "Alice", videoUrl: FILM, ...wish });
  const alice = enter(host);
  const bob = enter(await lobby.join({ roomId: host.roomId, userName: "Bob" }));
  await eventually(alice, isAlone(false), "with Bob");
  await eventually(bob, (view) => view.me !== null, "in the room");
  return { alice, bob, roomId: host.roomId };
}

function isAlone(expected) {
  return ({ room }) => (room?.members.filter(({ isOnline }) => isOnline).length === 1) === expected;
}

function isReady({ sync }) {
  return sync.roundTripMs !== null;
}

test("who comes in sees the room, and itself in it", async () => {
  const { alice, bob } = await party();

  assert.equal(alice.view.room.name, "Movie night");
  assert.equal(alice.view.room.video.url, FILM);
  assert.deepEqual(alice.view.room.members.map(({ name }) => name), ["Alice", "Bob"]);
  assert.equal(alice.view.me.mayControl, true);
  assert.deepEqual([bob.view.me.name, bob.view.me.isHost, bob.view.me.mayControl], ["Bob", false, false]);
});

test("two players start at the same instant, and keep in step", async () => {
  const { alice, bob } = await party();
  const players = [alice, bob].map((session) => {
    const player = new VirtualPlayer(() => performance.now(), { start: 70, seek: 110 });
    session.attach(player);
    return player;
  });
  await Promise.all([alice, bob].map((session) => eventually(session, isReady, "ready")));

  await alice.play(120);
  await Promise.all([alice, bob].map((session) => {
    return eventually(session, ({ sync }) => sync.light === "in_sync" && sync.errorMs !== null, "in step");
  }));
  const error = players.map((player) => player.position() - alice.positionNow());

  assert.ok(alice.positionNow() > 120);
  for (const off of error) assert.ok(Math.abs(off) < 0.1, `${off} s off`);
});

test("a pause stops everybody at the same picture", async () => {
  const { alice, bob } = await party();
  const player = new VirtualPlayer(() => performance.now());
  bob.attach(player);
  await eventually(bob, isReady, "ready");
  await alice.play(10);
  await eventually(bob, ({ sync }) => sync.errorMs !== null, "playing");

  await alice.pause();
  await eventually(bob, ({ room }) => !room.timeline.playing, "paused");
  await eventually(bob, () => !player.isPlaying() && player.state() === "ready", "standing");

  const { room } = bob.view;
  assert.ok(Math.abs(player.position() - positionAt(room.timeline, 0)) < 0.02);
});

test("what is said is heard, with its name and the video's time", async () => {
  const { alice, bob } = await party();
  await alice.seek(42.5);

  await bob.say("  Here it\ncomes! ");
  const { lines } = await eventually(alice, ({ lines: all }) => all.some(isChat), "heard");
  const line = lines.find(isChat);

  assert.deepEqual([line.name, line.text, line.position], ["Bob", "Here it comes!", 42.5]);
  assert.equal(bob.view.lines.filter(isChat).length, 1);
  assert.equal(bob.view.lines.find(isChat).pending, undefined);
});

function isChat({ kind }) {
  return kind === "chat";
}

test("who comes later reads what was said before, even by those who have left", async () => {
  const { alice, bob, roomId } = await party();
  await bob.say("I have to go");
  await bob.leave();
  await eventually(alice, ({ room }) => room.members.length === 1, "alone");

  const charlie = enter(await lobby.join({ roomId, userName: "Charlie" }));
  const { lines } = await eventually(charlie, (view) => view.lines.some(isChat), "told");

  assert.deepEqual(lines.filter(isChat).map(({ name, text }) => [name, text]), [["Bob", "I have to go"]]);
  assert.equal(bob.view.link.state, "ended");
  assert.equal(bob.view.link.reason.code, "left");
});

test("who may not control is told so, and nothing happens", async () => {
  const { bob } = await party();

  await assert.rejects(bob.play(5), { code: "not_allowed" });

  assert.equal(bob.view.errors.code, "not_allowed");
  assert.equal(bob.view.room.timeline.playing, false);
});

test("a reaction flies, and whoever is writing is seen", async () => {
  const { alice, bob } = await party();
  const flown = new Promise((resolve) => alice.onReaction(resolve));

  bob.typing(true);
  await eventually(alice, ({ typing }) => typing.length === 1, "writing");
  await bob.react("🎉");

  const { emoji, name } = await flown;
  assert.deepEqual([emoji, name], ["🎉", "Bob"]);
  assert.equal(bob.view.typing.length, 0);
});

test("the room waits for a player that has run dry, and says for whom", async () => {
  const { alice, bob } = await party();
  const players = [alice, bob].map((session) => {
    const player = new VirtualPlayer(() => performance.now());
    session.attach(player);
    return player;
  });
  await eventually(bob, isReady, "ready");
  await alice.play(10);
  await Promise.all([alice, bob].map((session) => {
    return eventually(session, ({ sync }) => sync.errorMs !== null, "playing");
  }));

  players[1].pretend("buffering");
  const { room } = await eventually(alice, (view) => view.sync.light === "waiting", "waiting");
  assert.deepEqual(room.waiting.for, [bob.view.me.id]);
  players[1].pretend(null);

  await eventually(alice, (view) => view.room.timeline.playing && !view.room.waiting, "going on");
});

test("a server that restarts costs nobody the seat, and no line", async () => {
  const { alice, bob } = await party();
  await alice.play(30);
  const told = bob.view.room.seq;

  await server.stop();
  await eventually(bob, ({ link }) => link.state === "waiting" && link.retryAt !== null, "cut off");
  const said = bob.say("Is anybody there?");
  assert.equal(bob.view.lines.findLast(isChat).pending, true);
  await server.start();
  bob.retryNow();
  alice.retryNow();

  await said;
  await eventually(alice, ({ lines }) => lines.some(isChat), "heard");
  assert.equal(bob.view.room.timeline.playing, true);
  assert.ok(bob.view.room.seq > told);
  assert.equal(bob.view.me.name, "Bob");
  assert.equal(alice.view.me.isHost, true);
});

test("a room that is not there is said to be not there", async () => {
  const nowhere = "00000000-0000-4000-8000-000000000000";
  const seat = {
    roomId: nowhere, key: "dddddddd-dddd-4ddd-8ddd-dddddddddddd", name: "Charlie",
    socketUrl: `ws://127.0.0.1:${server.port}/ws/room/${nowhere}/`,
  };

  const { link } = await eventually(enter(seat), (view) => view.link.state === "ended", "ended");

  assert.equal(link.reason.code, "room_not_found");
});
