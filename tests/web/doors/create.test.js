import assert from "node:assert/strict";
import { test } from "node:test";

import { wishOf } from "../../../web/doors/front/create.js";

function fields(given) {
  const form = new FormData();
  for (const [name, value] of Object.entries(given)) form.set(name, value);
  return form;
}

const ALICE = { userName: "Alice", roomName: "Movie Night", visibility: "public", password: "" };

test("a room needs no video", () => {
  const wish = wishOf(fields({ ...ALICE, videoUrl: "  " }));
  assert.equal(wish.videoUrl, "");
  assert.equal(wish.settings, undefined);
});

test("an address is told as the room will know it", () => {
  assert.equal(
    wishOf(fields({ ...ALICE, videoUrl: " https://youtu.be/aqz-KE-bpKQ?t=10 " })).videoUrl,
    "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
  );
});

test("an address that no player opens is none", () => {
  for (const videoUrl of ["javascript:alert(1)", "no address", "https://www.youtube.com/@channel"]) {
    assert.equal(wishOf(fields({ ...ALICE, videoUrl })).videoUrl, null, videoUrl);
  }
});

test("everybody may control if that is wanted", () => {
  assert.deepEqual(wishOf(fields({ ...ALICE, everyone: "on" })).settings, { control: "everyone" });
});
