import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Clock, waitAfter } from "../../../web/domain/clock.js";
import { vectors } from "../vectors.js";

const { estimates, offsets, waits } = vectors("clock");

function clockWith(samples) {
  const clock = new Clock();
  for (const [t0, t1, t2, t3] of samples) clock.take({ t0, t1, t2, t3 });
  return clock;
}

function assertClose(actual, expected, within) {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected} ± ${within}`);
}

describe("the page comes to the estimate of every client", () => {
  for (const vector of estimates) {
    test(vector.name, () => {
      const estimate = clockWith(vector.samples).estimate(vector.now);
      assertClose(estimate.offset, vector.offset, 1e-6);
      assertClose(estimate.uncertainty, vector.uncertainty, 1e-6);
      assertClose(estimate.roundTrip, vector.round_trip, 1e-6);
    });
  }
});

describe("and goes by the same offset", () => {
  for (const vector of offsets) {
    test(vector.name, () => {
      assertClose(clockWith(vector.samples).offsetAt(vector.now), vector.offset, 0.01);
    });
  }
});

test("the questions have the schedule of every client", () => {
  for (const { asked, jitter, wait } of waits) assert.equal(waitAfter(asked, jitter), wait);
});

test("without a sample there is no estimate", () => {
  assert.throws(() => new Clock().estimate(0), /no sample/);
});

test("a single sample is not gone by", () => {
  assert.equal(clockWith([[1000, 6010, 6010, 1020]]).isSet, false);
});
