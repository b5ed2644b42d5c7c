import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { positionAt } from "../../../web/domain/timeline.js";
import { Follower } from "../../../web/services/follow.js";
import { VirtualPlayer } from "../player.js";
import { FakeTime } from "../time.js";

const AHEAD = 5_000_000; // ms that the server's clock is ahead of ours
let time;
let player;
let follower;

beforeEach(() => {
  time = new FakeTime();
  player = new VirtualPlayer(time.now);
  follower = new Follower(player);
});

const serverNow = () => time.now() + AHEAD;
const playing = (position, wait = 0, rate = 1) => ({
  position, at: serverNow() + wait, playing: true, rate,
});
const paused = (position) => ({ position, at: serverNow(), playing: false, rate: 1 });
const errorOf = (timeline) => (player.position() - positionAt(timeline, serverNow())) * 1000;

/** Look for so many ms, as often as the follower wants it; `each` sees what is after every look. */
function watch(timeline, duration, each = () => {}) {
  const end = time.now() + duration;
  while (time.now() < end) {
    const wait = follower.look(timeline, serverNow(), time.now());
    each();
    time.pass(Math.min(wait, end - time.now()));
  }
}

test("a scheduled start begins at its instant, from the picture at which it begins", () => {
  const timeline = playing(120, 800);
  watch(timeline, 700);
  assert.deepEqual([player.isPlaying(), player.position()], [false, 120]);
  watch(timeline, 1_500);

  assert.ok(Math.abs(errorOf(timeline)) < 20, `${errorOf(timeline)} ms`);
});

test("it knows that a browser starts slowly once, and afterwards goes on at once", () => {
  player = new VirtualPlayer(time.now, { start: 80, resume: 5 });
  follower = new Follower(player);
  watch(playing(0, 500), 3_000);
  for (let round = 0; round < 3; round += 1) {
    const stood = player.position();
    watch(paused(stood), 1_000);
    const timeline = playing(stood, 500);
    watch(timeline, 700);
    assert.ok(Math.abs(errorOf(timeline)) < 15, `${errorOf(timeline)} ms in round ${round}`);
    watch(timeline, 2_000);
  }
});

test("it learns how long the player takes to start", () => {
  player = new VirtualPlayer(time.now, { start: 240, seek: 90 });
  follower = new Follower(player);
  const errors = [1, 2, 3].map((round) => {
    const timeline = playing(round * 100, 500);
    watch(timeline, 900);
    const error = errorOf(timeline);
    watch(timeline, 5_000);
    watch(paused(round * 100 + 50), 1_000);
    return Math.abs(error);
  });

  assert.ok(errors[0] > 100, `${errors}`);
  assert.ok(errors[2] < 30, `${errors}`);
});

test("who comes late starts in the middle, with one jump", () => {
  const timeline = playing(120, -60_000);
  watch(timeline, 3_000);

  assert.equal(player.seeks.length, 1);
  assert.ok(Math.abs(errorOf(timeline)) < 20, `${errorOf(timeline)} ms`);
});

test("a pause stops at the picture that it says", () => {
  watch(playing(10), 3_000);
  watch(paused(12.34), 500);

  assert.deepEqual([player.isPlaying(), player.position()], [false, 12.34]);
});

test("a jump of the room is a jump of the player, at once", () => {
  watch(playing(10), 3_000);
  const timeline = playing(900);
  watch(timeline, 100);
  assert.ok(player.seeks.at(-1) >= 900);
  watch(timeline, 1_000);

  assert.ok(Math.abs(errorOf(timeline)) < 20, `${errorOf(timeline)} ms`);
});

test("a player that drifts is led back unheard", () => {
  const timeline = playing(10);
  watch(timeline, 3_000);
  const jumps = player.seeks.length;
  player.stall(60); // a hiccup
  const rates = [];
  watch(timeline, 4_000, () => rates.push(player.rate()));

  assert.equal(player.seeks.length, jumps);
  assert.ok(Math.max(...rates) > 1 && Math.max(...rates) <= 1.05);
  assert.ok(Math.abs(errorOf(timeline)) <= 10);
});

test("a rate of the room is the player's", () => {
  const timeline = playing(10, 0, 1.5);
  watch(timeline, 3_000);

  assert.ok(Math.abs(player.rate() / 1.5 - 1) <= 0.05);
  assert.ok(Math.abs(errorOf(timeline)) < 30);
});

test("a start that is refused is not tried again and again, but inside a gesture", async () => {
  player.refusal = Object.assign(new Error("a gesture, please"), { name: "NotAllowedError" });
  const timeline = playing(10);
  watch(timeline, 100);
  await null;
  watch(timeline, 5_000);

  assert.deepEqual([player.starts, follower.isRefused, follower.state(time.now())], [1, true, "blocked"]);
  player.refusal = null;
  follower.unblock();
  follower.look(timeline, serverNow(), time.now());
  assert.equal(player.starts, 2);
  await null;
  watch(timeline, 1_500);

  assert.equal(follower.isRefused, false);
  assert.ok(Math.abs(errorOf(timeline)) < 30, `${errorOf(timeline)} ms`);
});

test("a start that fails for another reason is tried again, in peace", async () => {
  player.refusal = Object.assign(new Error("interrupted"), { name: "AbortError" });
  const timeline = playing(10);
  for (let look = 0; look < 50; look += 1) {
    watch(timeline, 100);
    await null;
    await null;
  }

  assert.equal(follower.isRefused, false);
  assert.ok(player.starts >= 4 && player.starts <= 6, `${player.starts}`);
});

test("a player that is still loading is left alone, and said to be short of video", () => {
  player.pretend("loading");
  watch(playing(10), 2_000);

  assert.deepEqual([player.starts, player.seeks, follower.state(time.now())], [0, [], "buffering"]);
});

test("a jump that takes a moment is no stall, one that does not end is", () => {
  watch(playing(10), 3_000);
  const timeline = playing(900);
  player.stall(10_000);
  watch(timeline, 1_000);
  assert.equal(follower.state(time.now()), "ready");
  watch(timeline, 1_000);

  assert.equal(follower.state(time.now()), "buffering");
});

test("a hiccup is no stall either", () => {
  const timeline = playing(10);
  watch(timeline, 3_000);
  player.stall(250);
  const states = new Set();
  watch(timeline, 250, () => states.add(follower.state(time.now())));

  assert.deepEqual([...states], ["ready"]);
});

test("a player that has failed holds nobody up", () => {
  player.pretend("failed");
  watch(playing(10), 1_000);

  assert.deepEqual([follower.state(time.now()), player.starts], ["blocked", 0]);
});

test("the video has an end, the timeline has none", () => {
  player.length = 100;
  const timeline = playing(99);
  watch(timeline, 5_000);
  const { starts } = player;
  watch(timeline, 60_000);

  assert.deepEqual([player.starts, follower.isAtEnd, follower.state(time.now())], [starts, true, "ready"]);
  const again = playing(10);
  watch(again, 2_000);
  assert.ok(Math.abs(errorOf(again)) < 30);
});

test("in a hidden tab, where looks are rare, the rate is not touched; back, it is the right frame", () => {
  const timeline = playing(10);
  watch(timeline, 3_000);
  player.stall(200);
  const rates = [];
  for (let second = 0; second < 10; second += 1) {
    time.pass(1_000);
    follower.look(timeline, serverNow(), time.now());
    rates.push(player.rate());
  }
  assert.deepEqual(new Set(rates.slice(1)), new Set([1]));
  assert.ok(Math.abs(errorOf(timeline)) > 100);
  follower.startOver();
  watch(timeline, 500);

  assert.ok(Math.abs(errorOf(timeline)) < 40, `${errorOf(timeline)} ms`);
});

test("what cannot be tuned finely is only ever moved by a jump", () => {
  player.canFineTune = false;
  follower = new Follower(player);
  const timeline = playing(10);
  watch(timeline, 3_000);
  player.stall(700);
  const rates = new Set();
  watch(timeline, 6_000, () => rates.add(player.rate()));

  assert.deepEqual([...rates], [1]);
  assert.ok(follower.isInStep(33));
});

test("a frame of another site that loads is not asked to jump again and again", () => {
  player.canFineTune = false;
  player.kind = "youtube";
  follower = new Follower(player);
  const timeline = playing(10);
  watch(timeline, 3_000);
  const jumps = player.seeks.length;
  player.isPlaying = () => false;
  player.pretend("buffering");
  watch(timeline, 8_000);

  assert.equal(player.seeks.length, jumps);
});

test("the error that is shown is the middle one of the last", () => {
  const timeline = playing(10);
  assert.equal(follower.error, null);
  watch(timeline, 3_000);

  assert.ok(Math.abs(follower.error) < 20);
  watch(paused(20), 200);
  assert.equal(follower.error, null);
});
