import assert from "node:assert/strict";
import { test } from "node:test";

import { createPreferences, DEFAULTS } from "../../../web/rooms/preferences.js";
import { FORBIDDEN, storage } from "../storage.js";

test("what was chosen is remembered, what was not is the default", () => {
  const browser = storage();
  createPreferences(browser).set("volume", 0);

  assert.equal(createPreferences(browser).get("volume"), 0);
  assert.equal(createPreferences(browser).get("captions"), DEFAULTS.captions);
});

test("a spoilt entry is the default", () => {
  const browser = storage({ spoilt: { "syncplay.preference.volume": '"loud"' } });
  assert.equal(createPreferences(browser).get("volume"), DEFAULTS.volume);
});

test("a value of another kind is a fault", () => {
  assert.throws(() => createPreferences(storage()).set("volume", "loud"), TypeError);
});

test("without a storage it is remembered as long as the page lives", () => {
  const preferences = createPreferences(FORBIDDEN);
  preferences.set("muted", true);
  assert.equal(preferences.get("muted"), true);
});
