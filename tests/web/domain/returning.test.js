import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { finalReason, isFinal, Waits } from "../../../web/domain/returning.js";

test("the waits grow, up to half a minute", () => {
  const waits = new Waits(() => 1);
  const all = Array.from({ length: 9 }, () => waits.next({}));

  assert.deepEqual(all, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("no two members wait alike", () => {
  assert.equal(new Waits(() => 0).next({}), 250);
  assert.equal(new Waits(() => 0.5).next({}), 375);
});

test("a connection that has lasted begins anew, one that has not does not", () => {
  const waits = new Waits(() => 1);
  for (let lost = 0; lost < 5; lost += 1) waits.next({});

  assert.equal(waits.next({ lasted: 4_999 }), 16_000);
  assert.equal(waits.next({ lasted: 5_000 }), 500);
});

test("the server's wish is heard", () => {
  assert.equal(new Waits(() => 1).next({ wish: 7_000 }), 7_000);
});

test("the page comes back after all codes but those of which the protocol says: no", () => {
  const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("## Close codes"), page.indexOf("## Limits"));
  const rows = [...table.matchAll(/^\| (\d+) \| .* \| (.+) \|$/gm)];

  assert.ok(rows.length > 8);
  for (const [, code, comesBack] of rows) {
    const isOver = comesBack.startsWith("no") || Number(code) === 4400;
    assert.equal(finalReason(Number(code)) !== null, isOver, `${code}: ${comesBack}`);
  }
  assert.equal(finalReason(1006), null);
});

test("an error may say it before the close does", () => {
  assert.ok(isFinal("banned"));
  assert.equal(isFinal("unavailable"), false);
});
