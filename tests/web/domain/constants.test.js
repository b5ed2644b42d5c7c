/** The constants of time stand in docs/sync.md, each with its reason. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as clock from "../../../web/domain/clock.js";
import * as profiles from "../../../web/domain/profiles.js";
import { LOOK_EVERY } from "../../../web/services/follow.js";
import { REPORT_EVERY } from "../../../web/services/report.js";

const page = readFileSync(new URL("../../../docs/sync.md", import.meta.url), "utf8");
const ROW = /^\| `([\w.]+)` \| ([\d., ]+) \| `clients\/python\/syncplay_client\/(\w+)\.py` \|/gm;
const OURS = { clock, profiles, follower: { LOOK_EVERY, REPORT_EVERY } };

function ours(name, file) {
  const camel = name.replace(/(?<=[a-z])_([a-z])/g, (_, letter) => letter.toUpperCase());
  return camel.split(".").reduce((found, part) => found?.[part], OURS[file]);
}

test("the page has the constants that the documents give reasons for", () => {
  const rows = [...page.matchAll(ROW)];
  assert.ok(rows.length > 15);
  for (const [, name, written, file] of rows) {
    const values = written.split(", ").map((value) => Number(value.replaceAll(",", "")));
    const value = ours(name, file);
    assert.deepEqual([value].flat(), values, name);
  }
});
