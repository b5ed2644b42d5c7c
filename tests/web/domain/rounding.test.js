import assert from "node:assert/strict";
import { test } from "node:test";

import { rounded } from "../../../web/domain/rounding.js";

test("what is finer than asked for is rounded away", () => {
  assert.equal(rounded(0.1 + 0.2, 3), 0.3);
  assert.equal(rounded(120.0004, 3), 120);
  assert.equal(rounded(-1.2346, 3), -1.235);
});

test("a tie goes to the even neighbour", () => {
  assert.equal(rounded(0.0625, 3), 0.062);
  assert.equal(rounded(0.1875, 3), 0.188);
  assert.equal(rounded(-0.0625, 3), -0.062);
  assert.equal(rounded(1.03125, 4), 1.0312);
});

test("whole numbers stay as they are", () => {
  assert.equal(rounded(3600, 3), 3600);
  assert.equal(rounded(10_086_400, 3), 10_086_400);
});
