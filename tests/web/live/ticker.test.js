import assert from "node:assert/strict";
import { test } from "node:test";

import { freshId } from "../../../web/live/ids.js";
import { Ticker } from "../../../web/live/ticker.js";
import { FakeTime } from "../time.js";

test("it comes again when it was told to", () => {
  const time = new FakeTime();
  const beats = [];
  const ticker = new Ticker(time, () => beats.push(time.now()) * 100);
  ticker.start();
  time.pass(350);

  assert.deepEqual(beats, [1_000, 1_100, 1_300]);
  ticker.stop();
  time.pass(10_000);
  assert.equal(beats.length, 3);
});

test("however often it is woken there is one timer", () => {
  const time = new FakeTime();
  let isNested = false;
  const ticker = new Ticker(time, () => {
    if (isNested) return 100;
    isNested = true;
    ticker.wake();
    isNested = false;
    return 50;
  });
  ticker.start();
  for (let wake = 0; wake < 10; wake += 1) ticker.wake();

  assert.equal(time.planned, 1);
});

test("without anything due it sleeps until it is woken", () => {
  const time = new FakeTime();
  const ticker = new Ticker(time, () => Infinity);
  ticker.start();

  assert.equal(time.planned, 0);
});

test("ids are random UUIDs, without TLS too", () => {
  const ids = new Set(Array.from({ length: 1_000 }, freshId));
  assert.equal(ids.size, 1_000);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
