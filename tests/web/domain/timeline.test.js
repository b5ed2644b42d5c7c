import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { follow, nowhere } from "../../../web/domain/room.js";
import { isMovingAt, positionAt } from "../../../web/domain/timeline.js";
import { vectors } from "../vectors.js";

const { position_at: positions, told } = vectors("timeline");

describe("the page comes to the position of the server", () => {
  for (const { name, timeline, now, position } of positions) {
    test(name, () => assert.equal(positionAt(timeline, now), position));
  }
});

describe("what the room was told says where the video is", () => {
  for (const { name, events, now, position } of told) {
    test(name, () => {
      const room = events.reduce(
        (before, { type, ...data }, index) => follow(before, { type, data, seq: index + 1 }),
        nowhere("a room"),
      );
      assert.equal(positionAt(room.timeline, now), position);
    });
  }
});

test("a scheduled play does not move yet", () => {
  const scheduled = { position: 5, at: 2_000, playing: true, rate: 1 };

  assert.equal(isMovingAt(scheduled, 1_999), false);
  assert.equal(isMovingAt(scheduled, 2_000), true);
});
