import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { watchPage } from "../../../web/live/attention.js";

let page;
let browser;
let heard;
let unsubscribe;

beforeEach(() => {
  page = Object.assign(new EventTarget(), { hidden: false, pictureInPictureElement: null });
  browser = Object.assign(new EventTarget(), { navigator: { onLine: true } });
  heard = [];
  unsubscribe = watchPage(page, browser).subscribe((what) => heard.push(what));
});

const turn = (hidden) => {
  page.hidden = hidden;
  page.dispatchEvent(new Event("visibilitychange"));
};

test("whoever turns away and comes back is noticed", () => {
  turn(true);
  turn(false);
  browser.dispatchEvent(new Event("pageshow"));

  assert.deepEqual(heard, ["away", "back", "back"]);
});

test("so is the network", () => {
  browser.dispatchEvent(new Event("offline"));
  browser.dispatchEvent(new Event("online"));

  assert.deepEqual(heard, ["offline", "online"]);
});

test("a film in its own little window is looked at", () => {
  const attention = watchPage(page, browser);
  page.hidden = true;
  assert.equal(attention.isHidden(), true);
  page.pictureInPictureElement = {};
  assert.equal(attention.isHidden(), false);
});

test("nobody listens any more who does not want to", () => {
  unsubscribe();
  turn(true);
  assert.deepEqual(heard, []);
});
