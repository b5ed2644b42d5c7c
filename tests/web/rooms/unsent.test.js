import assert from "node:assert/strict";
import { test } from "node:test";

import { createUnsent } from "../../../web/rooms/unsent.js";
import { storage } from "../storage.js";

const LINE = { id: "one", text: "Is anybody there?", at: 1_000 };

test("a line that has not arrived outlives the page, until it has", () => {
  const browser = storage();
  createUnsent(browser, () => 2_000).keep("a room", LINE);
  const reloaded = createUnsent(browser, () => 3_000);

  assert.deepEqual(reloaded.of("a room"), [LINE]);
  assert.deepEqual(reloaded.of("another room"), []);
  reloaded.drop("a room", "one");
  assert.deepEqual(reloaded.of("a room"), []);
});

test("after a day nobody knows whether it was said: it is let go", () => {
  const browser = storage();
  createUnsent(browser, () => 2_000).keep("a room", LINE);

  assert.deepEqual(createUnsent(browser, () => 1_000 + 24 * 3_600_000).of("a room"), []);
});

test("spoilt entries are no lines", () => {
  const browser = storage({ spoilt: { "syncplay.unsent.a room": '[{"id": 7}, null]' } });
  assert.deepEqual(createUnsent(browser).of("a room"), []);
});
