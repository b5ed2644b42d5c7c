import assert from "node:assert/strict";
import { test } from "node:test";

import { isTakenBy, meaningOf } from "../../../web/doors/room/keys.js";

function press(key, more = {}) {
  return meaningOf({ key, code: "", ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...more });
}

function element(tagName, more = {}) {
  return { tagName, type: "", isContentEditable: false, getAttribute: () => null, ...more };
}

test("the keys of other players work here", () => {
  assert.equal(press(" "), "play");
  assert.equal(press("k"), "play");
  assert.equal(press("K"), "play");
  assert.equal(press("j"), "back");
  assert.equal(press("ArrowRight"), "a_little_forward");
  assert.equal(press("?", { code: "Slash" }), "help");
  assert.equal(press("x"), null);
});

test("on a keyboard without Latin letters the place of the key counts", () => {
  assert.equal(press("ل", { code: "KeyG" }), null);
  assert.equal(press("ت", { code: "KeyJ" }), "back");
  assert.equal(press("ь", { code: "KeyM" }), "mute");
});

test("on another Latin keyboard the letter counts, and not its place", () => {
  assert.equal(press("q", { code: "KeyM" }), null);
  assert.equal(press("m", { code: "Semicolon" }), "mute");
});

test("the browser's own chords are left to it", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) assert.equal(press("f", { [modifier]: true }), null);
});

test("a key that is held jumps on, but does not flicker", () => {
  assert.equal(press("ArrowLeft", { repeat: true }), "a_little_back");
  assert.equal(press(" ", { repeat: true }), null);
  assert.equal(press("f", { repeat: true }), null);
});

test("whoever types is left alone", () => {
  assert.ok(isTakenBy(element("INPUT", { type: "text" }), "k"));
  assert.ok(isTakenBy(element("TEXTAREA"), " "));
  assert.ok(isTakenBy(element("SELECT"), "f"));
  assert.ok(isTakenBy(element("DIV", { isContentEditable: true }), "m"));
});

test("sliders take the arrows, buttons the space, the chat the way up and down", () => {
  const slider = element("INPUT", { type: "range" });
  const log = element("DIV", { getAttribute: () => "log" });
  assert.ok(isTakenBy(slider, "ArrowLeft"));
  assert.ok(!isTakenBy(slider, "k"));
  assert.ok(isTakenBy(element("BUTTON"), " "));
  assert.ok(!isTakenBy(element("BUTTON"), "k"));
  assert.ok(isTakenBy(log, "ArrowUp"));
  assert.ok(!isTakenBy(log, "ArrowLeft"));
  assert.ok(!isTakenBy(null, "k"));
});
