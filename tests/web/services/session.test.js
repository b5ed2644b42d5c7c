/** A session with a server that the test plays, in a time that the test makes. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createUnsent } from "../../../web/rooms/unsent.js";
import { createSession } from "../../../web/services/session.js";
import { VirtualPlayer } from "../player.js";
import { storage } from "../storage.js";
import { FakeTime } from "../time.js";
import { ALICE, BOB, Network, snapshot } from "../wire.js";

const AHEAD = 5_000; // ms that the server's clock is ahead of the device's
let time;
let network;
let page;
let browser;
let log;
let session;

beforeEach(() => {
  [time, network, browser, log] = [new FakeTime(), new Network(), storage(), []];
  page = { hidden: false, offline: false, hear: () => {} };
  session = open();
});

function open(seat = {}) {
  return createSession({
    roomId: "a room",
    seat: { key: "bob's key", name: "Bob", publicId: BOB, ...seat },
    protocolUrl: "ws://example.com/",
    lobby: { messages: async (_room, query) => log.filter(({ type }) => type === query.type), leave: async () => {} },
    unsent: createUnsent(browser, time.wall),
    attention: {
      isHidden: () => page.hidden,
      isOffline: () => page.offline,
      subscribe: (hear) => {
        page.hear = hear;
        return () => {};
      },
    },
    time,
    WebSocket: network.WebSocket,
    dice: () => 0,
  });
}

/** Answers the questions for the time, as a server 20 ms away would. */
function pass(duration) {
  for (const end = time.now() + duration; time.now() < end;) {
    time.pass(Math.min(10, end - time.now()));
    for (const { data } of network.last.of("time").filter((one) => !one.isAnswered)) {
      if (time.now() < data.t0 + 20) continue;
      markAnswered(data.t0);
      const at = data.t0 + 10 + serverAhead();
      network.last.answer("time", { t0: data.t0, t1: at, t2: at });
    }
  }
}
const markAnswered = (t0) => {
  network.last.of("time").find(({ data }) => data.t0 === t0).isAnswered = true;
};
const serverAhead = () => time.wall() - time.now() + AHEAD;
const serverNow = () => time.now() + serverAhead();

function join(changes = {}) {
  network.last.open();
  network.last.answer("room_update", snapshot(changes));
}
const happen = (type, data, seq, more = {}) => network.last.answer(type, data, {
  seq, userId: ALICE, timestamp: new Date(serverNow()).toISOString(), ...more,
});
const told = () => new Promise((resolve) => {
  const stop = session.subscribe(() => {
    stop();
    resolve();
  });
});

test("before anything is known the view says so", () => {
  const { link, room, me, lines, sync, errors } = session.view;

  assert.deepEqual([link.state, room, me, lines, sync.light, errors], [
    "connecting", null, null, [], "reconnecting", null,
  ]);
  assert.equal(session.positionNow(), 0);
});

test("in the room it shows the room, and oneself in it", () => {
  join();

  assert.equal(session.view.link.state, "open");
  assert.deepEqual(session.view.me, {
    id: BOB, name: "Bob", isHost: false, role: "member", mayControl: false,
  });
});

test("whoever has no public id is known by name", () => {
  session.close();
  session = open({ publicId: undefined, name: " Alice " });
  join();

  assert.deepEqual([session.view.me.id, session.view.me.mayControl], [ALICE, true]);
});

test("whoever may control depends on what the room has settled", () => {
  join();
  happen("settings_changed", { settings: { control: "moderators" } }, 8);
  assert.equal(session.view.me.mayControl, false);
  happen("role_changed", { id: BOB, role: "moderator" }, 9);
  assert.equal(session.view.me.mayControl, true);
  happen("settings_changed", { settings: { control: "everyone" } }, 10);
  happen("role_changed", { id: BOB, role: "member" }, 11);
  assert.equal(session.view.me.mayControl, true);
});

test("a view never changes, a new one takes its place", async () => {
  join();
  const before = session.view;
  const telling = told();
  happen("host_changed", { id: BOB }, 8);
  await telling;

  assert.equal(session.view === before, false);
  assert.equal(before.me.isHost, false);
  assert.equal(session.view.me.isHost, true);
  assert.equal(session.view, session.view);
});

test("all that happens at once is told once", async () => {
  let tellings = 0;
  join();
  await null;
  session.subscribe(() => { tellings += 1; });
  for (let seq = 8; seq < 20; seq += 1) happen("chat", { text: "hello" }, seq);
  await null;

  assert.equal(tellings, 1);
});

test("the server's clock and the video's place are known after the first answers", () => {
  join({ is_playing: true, position_at: serverNow() });
  pass(1_000);

  assert.ok(Math.abs(session.now() - serverNow()) < 1);
  assert.ok(Math.abs(session.positionNow() - 121) < 0.01);
  assert.ok(Math.abs(session.view.sync.roundTripMs - 20) < 0.1);
});

test("a press goes out at once, and is answered", async () => {
  join();
  const answer = session.pause(12.3456);
  const [frame] = network.last.of("pause");
  assert.deepEqual(frame.data, { position: 12.346 });
  network.last.answer("ack", { ref: frame.id, seq: 8 });

  assert.deepEqual(await answer, { seq: 8 });
});

test("a press changes nothing that is shown, before the room has changed", async () => {
  join();
  await null;
  let tellings = 0;
  session.subscribe(() => { tellings += 1; });
  session.changeSettings({ control: "everyone" });
  await null;
  assert.equal(tellings, 0);
  happen("settings_changed", { settings: { control: "everyone" } }, 8);
  await null;

  assert.equal(tellings, 1);
});

test("a refusal is an error, and a thing to tell", async () => {
  join();
  const answer = session.play();
  const ref = network.last.of("play")[0].id;
  network.last.answer("error", { ref, code: "not_allowed", error: "Only the host may.", retryable: false });

  await assert.rejects(answer, { code: "not_allowed", message: "Only the host may." });
  assert.deepEqual(session.view.errors, { code: "not_allowed", message: "Only the host may.", at: time.wall() });
});

test("a press without a connection is given up after ten seconds", async () => {
  join();
  network.last.drop();
  const answer = session.play();
  time.pass(10_000);

  await assert.rejects(answer, { code: "timeout" });
});

test("a line that is typed without a connection is shown, kept, and said when there is one", async () => {
  join();
  network.last.drop();
  const answer = session.say("Is anybody there?");
  const [line] = session.view.lines;
  assert.deepEqual([line.text, line.pending, line.name, line.seq], ["Is anybody there?", true, "Bob", null]);
  time.pass(60_000);
  session.retryNow();
  join();
  const [frame] = network.last.of("chat");
  network.last.answer("ack", { ref: frame.id, seq: 8 });
  happen("chat", { ...frame.data, position: 120, ref: frame.id }, 8, { userId: BOB });

  assert.deepEqual(await answer, { seq: 8 });
  assert.deepEqual(session.view.lines.map(({ text, pending, seq }) => [text, pending, seq]), [
    ["Is anybody there?", undefined, 8],
  ]);
});

test("it even outlives the page", () => {
  join();
  network.last.drop();
  session.say("Is anybody there?");
  session.close();
  session = open();
  assert.equal(session.view.lines[0].pending, true);
  join();
  const [frame] = network.last.of("chat");
  network.last.answer("ack", { ref: frame.id, seq: 8 });
  session.close();
  session = open();

  assert.deepEqual(session.view.lines, []);
});

test("a line that was refused can be said again, or given up", async () => {
  join();
  const refuse = () => {
    const { id: ref } = network.last.of("chat").at(-1);
    network.last.answer("error", { ref, code: "not_allowed", error: "Muted.", retryable: false });
    return ref;
  };
  const answer = session.say("Hi");
  const ref = refuse();
  await assert.rejects(answer, { code: "not_allowed" });
  assert.equal(session.view.lines[0].failed, "not_allowed");

  session.sayAgain(ref);
  assert.equal(session.view.lines[0].pending, true);
  assert.equal(network.last.of("chat").length, 2);
  refuse();
  session.discard(ref);
  assert.deepEqual(session.view.lines, []);
});

test("what cannot be said is refused before it is sent", async () => {
  join();
  await assert.rejects(session.say(" \n "), { code: "empty" });
  await assert.rejects(session.say("x".repeat(2_001)), { code: "too_long" });

  assert.equal(network.last.of("chat").length, 0);
});

test("the chat of before is read, older pages on demand", async () => {
  log = [{
    type: "chat", seq: 3, fromSeq: null, userId: ALICE, timestamp: "2026-11-23T18:00:00Z",
    data: { text: "Welcome", position: 0 },
  }];
  const telling = told();
  join();
  await telling;
  await session.loadOlder();

  assert.deepEqual(session.view.lines.map(({ name, text }) => [name, text]), [["Alice", "Welcome"]]);
  assert.equal(session.view.hasOlder, false);
});

test("whoever writes is seen, until they have said it, or for ten seconds", () => {
  join();
  network.last.answer("typing", { id: ALICE, typing: true });
  assert.deepEqual(session.view.typing, [ALICE]);
  happen("chat", { text: "said" }, 8);
  assert.deepEqual(session.view.typing, []);
  network.last.answer("typing", { id: ALICE, typing: true });
  pass(9_900);
  assert.deepEqual(session.view.typing, [ALICE]);
  pass(200);

  assert.deepEqual(session.view.typing, []);
});

test("that one writes oneself is told every three seconds, and its end once", () => {
  join();
  for (let key = 0; key < 50; key += 1) {
    session.typing(true);
    pass(100);
  }
  session.typing(false);
  session.typing(false);

  assert.deepEqual(network.last.of("typing").map(({ data }) => data.typing), [true, true, false]);
});

test("reactions fly, but not those of a while ago", () => {
  const flown = [];
  session.onReaction((one) => flown.push(one));
  join();
  pass(1_000);
  happen("reaction", { emoji: "🎉" }, 8);
  happen("reaction", { emoji: "🐌" }, 9, { timestamp: new Date(serverNow() - 60_000).toISOString() });

  assert.deepEqual(flown, [{ emoji: "🎉", by: ALICE, name: "Alice" }]);
});

test("a lost link is said to be lost, and when the next try is", () => {
  join();
  network.last.drop();
  const { link, sync } = session.view;
  assert.deepEqual([link.state, link.retryAt, sync.light], ["waiting", time.wall() + 250, "reconnecting"]);
  page.offline = true;
  page.hear("offline");
  assert.equal(session.view.link.state, "offline");
  page.offline = false;
  page.hear("online");

  assert.equal(session.view.link.state, "connecting");
  assert.equal(network.sockets.length, 2);
});

test("the button tries at once", () => {
  network.last.drop();
  session.retryNow();

  assert.equal(network.sockets.length, 2);
});

test("where there is no way back it is said why, and nothing is tried", async () => {
  join();
  network.last.answer("error", { code: "room_closed", error: "The room was closed.", retryable: false });
  time.pass(3_600_000);

  assert.deepEqual(session.view.link, {
    state: "ended", retryAt: null, reason: { code: "room_closed", message: "The room was closed." },
  });
  assert.equal(network.sockets.length, 1);
  await assert.rejects(session.play(), { code: "room_closed" });
});

test("an older tab that had to go may be taken up again", () => {
  join();
  network.last.drop(4409);
  assert.equal(session.view.link.reason.code, "too_many_connections");
  session.retryNow();
  join();

  assert.equal(session.view.link.state, "open");
});

test("whoever leaves has left, and the player stops", async () => {
  const player = watchFilm();
  await session.leave();

  assert.equal(session.view.link.reason.code, "left");
  assert.equal(player.isPlaying(), false);
});

function watchFilm() {
  join({ is_playing: true, position_at: serverNow() });
  const player = new VirtualPlayer(time.now);
  session.attach(player);
  pass(2_500);
  return player;
}
const statuses = () => network.last.of("status").map(({ data }) => data);

test("a player is led to where the room is, and the light says so", () => {
  const player = watchFilm();

  assert.ok(Math.abs(player.position() - session.positionNow()) < 0.03);
  assert.equal(session.view.sync.light, "in_sync");
  assert.ok(Math.abs(session.view.sync.errorMs) < 30);
});

test("it is told how the player is, every five seconds and when that changes", () => {
  const player = watchFilm();
  pass(12_500);
  assert.deepEqual(statuses().map(({ state }) => state), ["ready", "ready", "ready"]);
  player.pretend("buffering");
  pass(500);
  assert.equal(statuses().at(-1).state, "buffering");
  player.pretend(null);
  pass(300);
  assert.equal(statuses().at(-1).state, "ready");
  page.hidden = true;
  page.hear("away");
  pass(300);

  assert.equal(statuses().at(-1).state, "hidden");
  assert.ok(Math.abs(statuses().at(-1).position - session.positionNow()) < 0.4); // a moment ago
});

test("to a new connection it is told anew", () => {
  watchFilm();
  network.last.drop();
  pass(300);
  join({ is_playing: true, position_at: serverNow() });
  pass(500);

  assert.equal(statuses().length, 1);
});

test("without a link the film goes on: the timeline is still true", () => {
  const player = watchFilm();
  network.last.drop();
  time.pass(5_000);

  assert.ok(Math.abs(player.position() - session.positionNow()) < 0.05);
  assert.equal(session.view.sync.light, "reconnecting");
});

test("the light tells what the room is about", () => {
  join({ current_video_url: "" });
  assert.equal(session.view.sync.light, "no_video");
  happen("video_changed", { videoUrl: "https://example.com/film.mp4", at: serverNow() }, 8);
  assert.equal(session.view.sync.light, "paused");
  const motion = { position: 5, at: serverNow() };
  happen("play", { ...motion, isPlaying: true, rate: 1 }, 9);
  assert.equal(session.view.sync.light, "catching_up");
  const wait = { for: [ALICE], since: serverNow(), until: serverNow() + 10_000 };
  happen("waiting", { ...motion, ...wait, isPlaying: false }, 10);

  assert.equal(session.view.sync.light, "waiting");
});

test("another video is not played by the old one's player", () => {
  const player = watchFilm();
  happen("video_changed", { videoUrl: "https://example.com/next.mp4", at: serverNow() }, 8);
  assert.equal(player.isPlaying(), false);
  happen("play", { position: 0, at: serverNow(), isPlaying: true, rate: 1 }, 9);
  pass(1_000);

  assert.equal(player.isPlaying(), false);
});

test("the same video from its beginning is", () => {
  const player = watchFilm();
  happen("video_changed", { videoUrl: "https://example.com/film.mp4", at: serverNow() }, 8);
  happen("play", { position: 0, at: serverNow(), isPlaying: true, rate: 1 }, 9);
  pass(1_500);

  assert.ok(player.isPlaying() && player.position() < 3);
});

test("after a nap of the device the time is measured anew, before anything is done by it", () => {
  const player = watchFilm();
  const before = player.seeks.length;
  time.sleep(60_000); // the server's clock has gone on
  page.hear("back");
  assert.equal(session.view.sync.roundTripMs, null);
  time.pass(10);
  assert.equal(player.seeks.length, before);
  pass(1_500);

  assert.ok(Math.abs(session.now() - serverNow()) < 1);
  assert.ok(Math.abs(player.position() - session.positionNow()) < 0.05);
  assert.equal(player.seeks.length, before + 1);
});

test("a link that died in the nap is noticed in three seconds", () => {
  watchFilm();
  page.hear("back");
  time.pass(3_000);

  assert.equal(session.view.link.state, "waiting");
});

test("a refused start is shown, and tried again in a gesture", async () => {
  join({ is_playing: true, position_at: serverNow() });
  const player = new VirtualPlayer(time.now);
  player.refusal = Object.assign(new Error(""), { name: "NotAllowedError" });
  session.attach(player);
  pass(1_000);
  await null;
  pass(500);
  assert.equal(session.view.sync.blocked, true);
  assert.equal(statuses().at(-1).state, "blocked");
  player.refusal = null;
  session.unblock();

  assert.equal(player.isPlaying(), true);
});

test("a session that is closed does nothing any more", async () => {
  watchFilm();
  const answer = session.pause();
  session.close();
  pass(60_000);

  await assert.rejects(answer, { code: "closed" });
  assert.deepEqual([network.last.isClosed, time.planned], [true, 0]);
});
