import assert from "node:assert/strict";
import { test } from "node:test";

import { createReckoning } from "../../../../web/live/players/reckoning.js";

function reckoningAt(clock) {
  return createReckoning(() => clock.now);
}

test("what moves goes on between two reports", () => {
  const clock = { now: 0 };
  const reckoning = reckoningAt(clock);
  reckoning.set({ moving: true, rate: 2 });
  reckoning.report(10);
  clock.now = 500;
  assert.equal(reckoning.position(), 11);
});

test("the same report again is old, and does not turn time back", () => {
  const clock = { now: 0 };
  const reckoning = reckoningAt(clock);
  reckoning.set({ moving: true, rate: 1 });
  reckoning.report(10);
  clock.now = 250;
  reckoning.report(10);
  assert.equal(reckoning.position(), 10.25);
});

test("what stands stays where it is", () => {
  const clock = { now: 0 };
  const reckoning = reckoningAt(clock);
  reckoning.report(7);
  clock.now = 60_000;
  assert.equal(reckoning.position(), 7);
});

test("a change of rate begins where it is by then", () => {
  const clock = { now: 0 };
  const reckoning = reckoningAt(clock);
  reckoning.set({ moving: true, rate: 1 });
  clock.now = 1_000;
  reckoning.set({ rate: 2 });
  clock.now = 2_000;
  assert.equal(reckoning.position(), 3);
});
