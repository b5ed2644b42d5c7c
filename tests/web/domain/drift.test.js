import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Controller, NOTHING } from "../../../web/domain/drift.js";
import { COARSE, PRECISE, SEEK_ONLY } from "../../../web/domain/profiles.js";
import { vectors } from "../vectors.js";

const PROFILES = { precise: PRECISE, coarse: COARSE, seek_only: SEEK_ONLY };

function readingOf(step) {
  const { target = 100, room_rate: roomRate = 1, can_seek: canSeek = true } = step;
  const { now, playing = true, rate = 1, state = "ready", ahead = 30 } = step;
  const position = target + (step.error / 1000) * roomRate;
  return { now, position, target, playing, roomRate, rate, state, ahead, canSeek };
}

describe("every client corrects alike", () => {
  for (const { name, profile = "precise", steps } of vectors("drift").stories) {
    test(name, () => {
      const controller = new Controller(PROFILES[profile]);
      for (const step of steps) {
        if (step.told) controller.told(step.told, step.now);
        else assert.deepEqual(controller.correct(readingOf(step)), step.do ?? NOTHING);
      }
    });
  }
});

test("whatever it was, a perfect player comes to where the room is, and stays there", () => {
  for (let start = -900; start <= 900; start += 37) {
    const controller = new Controller();
    let rate = 1;
    let error = start;
    for (let look = 0; look < 300; look += 1) {
      const action = controller.correct(readingOf({ now: look * 100, rate, error }));
      assert.notEqual(action.type, "seek");
      if (action.type === "rate") rate = action.rate;
      error += (rate - 1) * 100;
    }
    assert.ok(Math.abs(error) <= PRECISE.correctBeyond, `${start} ms became ${error}`);
    assert.equal(rate, 1);
  }
});
