import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as limits from "../../../web/domain/limits.js";

const SERVERS = readFileSync(
  new URL("../../../syncplay_backend/domain/limits.py", import.meta.url), "utf8",
);

function onServer(name) {
  const pairs = [...SERVERS.matchAll(/^([A-Z_, ]+) = \(?\s*([\d_., ]+)/gm)];
  for (const [, names, values] of pairs) {
    const index = names.split(", ").indexOf(name);
    if (index >= 0) return Number(values.split(", ")[index].replaceAll("_", ""));
  }
  throw new Error(`the server knows no ${name}`);
}

test("the page has the limits of the server", () => {
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value === "number") assert.equal(value, onServer(name), name);
  }
});

test("lengths are counted as the server counts them", () => {
  assert.equal(limits.lengthOf("  👩‍👩‍👧‍👦 "), 7);
  assert.equal(limits.lengthOf("e\u0301"), 1);
});
