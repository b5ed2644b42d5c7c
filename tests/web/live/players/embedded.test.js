import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { EmbeddedPlayer, nearest } from "../../../../web/live/players/embedded.js";

let orders;
let player;

beforeEach(() => {
  orders = [];
  const order = (name) => (...values) => orders.push([name, ...values]);
  const names = ["play", "pause", "seek", "setRate", "setVolume", "setMuted", "destroy"];
  player = new EmbeddedPlayer("youtube", Object.fromEntries(names.map((name) => [name, order(name)])));
});

test("a start is over when the frame says that it plays", async () => {
  const start = player.start();
  assert.deepEqual(orders, [["play"]]);
  assert.equal(player.isPlaying(), false);
  player.know({ state: "ready", playing: true });
  await start;
  assert.equal(player.isPlaying(), true);
});

test("a start that is refused is tried without sound, and only then is it blocked", async () => {
  const start = player.start();
  player.refused();
  assert.deepEqual(orders.slice(1), [["setMuted", true], ["play"]]);
  assert.equal(player.sound.isSilenced(), true);
  player.refused();
  await assert.rejects(start, { name: "NotAllowedError" });
  assert.equal(player.state(), "blocked");
});

test("a tap gives the sound back and starts what was to play", async () => {
  const start = player.start();
  player.refused();
  player.refused();
  await assert.rejects(start);
  orders.length = 0;
  player.allow();
  assert.deepEqual(orders, [["setMuted", false], ["play"]]);
  assert.notEqual(player.state(), "blocked");
});

test("a tap starts nothing in a room that stands", () => {
  player.know({ state: "blocked" });
  player.allow();
  assert.ok(!orders.some(([name]) => name === "play"));
});

test("a start that is taken back ends without a word", async () => {
  const start = player.start();
  player.stop();
  await start;
  assert.deepEqual(orders.at(-1), ["pause"]);
});

test("a failure is told once, with its code, and ends a start", async () => {
  const told = [];
  player.on("failed", (failure) => told.push(failure.code));
  const start = player.start();
  player.fail("embedding_refused", "YouTube 150");
  await start;
  assert.deepEqual(told, ["embedding_refused"]);
  assert.equal(player.state(), "failed");
});

test("after a jump it is where it was sent, before the frame reports it", () => {
  player.seek(42);
  assert.equal(player.position(), 42);
  assert.deepEqual(orders, [["seek", 42]]);
});

test("it plays at the nearest rate that the frame offers", () => {
  assert.equal(nearest([0.5, 1, 1.5, 2], 1.2), 1);
  assert.equal(nearest([0.5, 1, 1.5, 2], 1.3), 1.5);
  assert.equal(nearest(null, 1.03), 1.03);
  player.know({ rates: [1, 2] });
  player.setRate(1.8);
  assert.deepEqual(orders.at(-1), ["setRate", 2]);
});

test("who was destroyed tells nobody anything", () => {
  let told = 0;
  player.on("change", () => { told += 1; });
  player.destroy();
  player.know({ state: "ready" });
  assert.equal(told, 0);
});
