import assert from "node:assert/strict";
import { test } from "node:test";

import { bannerText } from "../../../web/doors/room/banner.js";
import { isContinued } from "../../../web/doors/room/chat.js";
import { typingText } from "../../../web/doors/room/composer.js";
import { whyLocked } from "../../../web/doors/room/controls.js";
import { Hues, initialsOf } from "../../../web/doors/room/faces.js";
import { lightText } from "../../../web/doors/room/light.js";
import { inOrder, stateOf } from "../../../web/doors/room/people.js";
import { pageTitle, videoName } from "../../../web/doors/room/title.js";
import { english } from "./english.js";

const ALICE = { id: "a", name: "Alice", isHost: true, isOnline: true };
const BOB = { id: "b", name: "Bob", isHost: false, isOnline: true };
const CHARLIE = { id: "c", name: "Charlie", isHost: false, isOnline: false };
const FILM = { url: "https://example.com/films/big%20buck.mp4?x=1", title: "" };

test("oneself comes first, and who is away last", () => {
  const names = inOrder([CHARLIE, ALICE, BOB], BOB).map(({ name }) => name);
  assert.deepEqual(names, ["Bob", "Alice", "Charlie"]);
});

test("of a member is told what keeps it from watching, and nothing else", () => {
  const view = { room: { video: FILM }, statuses: { b: { state: "buffering" }, c: { state: "buffering" } } };
  assert.equal(stateOf(BOB, view), "buffering");
  assert.equal(stateOf(ALICE, view), "ready");
  assert.equal(stateOf(CHARLIE, view), "offline");
  assert.equal(stateOf(BOB, { ...view, room: { video: { url: "" } } }), "ready");
});

test("initials are signs as people see them", () => {
  assert.equal(initialsOf("alice"), "A");
  assert.equal(initialsOf(" Bob  van der Berg "), "BB");
  assert.equal(initialsOf("👩‍👩‍👧 family"), "👩‍👩‍👧F");
  assert.equal(initialsOf("ليلى"), "ل");
});

test("a member keeps its colour, and the first ones have colours far apart", () => {
  const hues = new Hues();
  const [alice, bob, charlie] = ["a", "b", "c"].map((id) => hues.of(id));
  assert.equal(hues.of("a"), alice);
  const apart = (one, other) => Math.min(Math.abs(one - other), 360 - Math.abs(one - other));
  for (const [one, other] of [[alice, bob], [bob, charlie], [alice, charlie]]) assert.ok(apart(one, other) > 60);
});

test("who goes on talking is not named again", () => {
  const line = { kind: "chat", by: "a", at: 1_000 };
  assert.ok(isContinued(line, { ...line, at: 60_000 }));
  assert.ok(!isContinued(line, { ...line, by: "b" }));
  assert.ok(!isContinued(line, { ...line, at: 600_000 }));
  assert.ok(!isContinued({ ...line, kind: "joined" }, line));
  assert.ok(!isContinued(undefined, line));
});

test("who is writing is told by name as long as they are few", () => {
  assert.equal(typingText([], english), "");
  assert.equal(typingText(["Bob"], english), "Bob is writing …");
  assert.equal(typingText(["Bob", "Alice"], english), "Bob and Alice are writing …");
  assert.equal(typingText(["Bob", "Alice", "Charlie"], english), "Several are writing …");
});

test("the banner counts down, and never below nothing", () => {
  assert.match(bannerText({ state: "waiting", retryAt: 3_200 }, 0, english), / 4 s/);
  assert.equal(bannerText({ state: "waiting", retryAt: 3_200 }, 9_000, english), "Connecting …");
  assert.equal(bannerText({ state: "connecting", retryAt: null }, 0, english), "Connecting …");
  assert.match(bannerText({ state: "offline", retryAt: null }, 0, english), /offline/);
});

test("the light says how near it is, or for whom the room waits", () => {
  const sync = { light: "in_sync", errorMs: -3.6, blocked: false };
  assert.equal(lightText({ sync }, english), "In sync to 4 ms");
  assert.equal(lightText({ sync: { ...sync, errorMs: null } }, english), "In sync");
  assert.equal(lightText({ sync: { ...sync, blocked: true } }, english), "Needs a tap");
  const room = { waiting: { for: ["b"] }, members: [ALICE, BOB] };
  assert.equal(lightText({ sync: { ...sync, light: "waiting" }, room, me: ALICE }, english), "Waiting for Bob");
});

test("who may not control is told who may", () => {
  const room = { settings: { control: "host" }, members: [ALICE, BOB] };
  assert.equal(whyLocked({ room }, english), "Only Alice controls the video");
  assert.equal(whyLocked({ room: { ...room, members: [BOB] } }, english), "Nobody controls the video now");
  assert.match(whyLocked({ room: { ...room, settings: { control: "moderators" } } }, english), /moderators/);
});

test("a video without a title is called after its address", () => {
  assert.equal(videoName({ ...FILM, title: "Big Buck" }, english), "Big Buck");
  assert.equal(videoName(FILM, english), "big buck.mp4");
  assert.equal(videoName({ url: "https://example.com/", title: "" }, english), "example.com");
  assert.equal(videoName({ url: "https://example.com/%E0%A4%A.mp4", title: "" }, english), "Video");
  assert.equal(videoName({ url: "https://www.youtube.com/watch?v=aqz-KE-bpKQ", title: "" }, english), "YouTube");
  assert.equal(videoName({ url: "https://vimeo.com/1", title: "" }, english, "Its own title"), "Its own title");
  assert.equal(videoName({ url: "", title: "" }, english), "No video yet");
});

test("the page's title follows the video", () => {
  const room = { name: "Movie Night", video: FILM, timeline: { playing: true } };
  assert.equal(pageTitle({ room }, english), "▶ big buck.mp4 · Movie Night · SyncPlay");
  const still = { ...room, video: { url: "", title: "" }, timeline: { playing: false } };
  assert.equal(pageTitle({ room: still }, english), "Movie Night · SyncPlay");
});
