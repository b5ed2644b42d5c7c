/** A session: the room, the view of it, what one does there, and how the link is. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ALICE, BOB } from "../wire.js";
import { happen, join, network, page, pass, reopen, serverNow, session, time, told, watchFilm } from "./stage.js";

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
  reopen({ publicId: undefined, name: " Alice " });
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

test("a session that is closed does nothing any more", async () => {
  watchFilm();
  const answer = session.pause();
  session.close();
  pass(60_000);

  await assert.rejects(answer, { code: "closed" });
  assert.deepEqual([network.last.isClosed, time.planned], [true, 0]);
});
