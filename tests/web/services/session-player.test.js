/** A session and the player that it leads. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { VirtualPlayer } from "../player.js";
import { ALICE } from "../wire.js";
import { happen, join, network, page, pass, serverNow, session, statuses, time, told, watchFilm } from "./stage.js";

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
