import assert from "node:assert/strict";
import { test } from "node:test";

import { coverOf, namesOf, reasonOf } from "../../../web/doors/room/covering.js";
import { english } from "./english.js";

const FILM = { url: "https://example.com/film.mp4", title: "" };
const FINE = { lack: null, state: "ready", fault: null };

function view({ video = FILM, waiting = null, blocked = false } = {}) {
  return { room: { video, waiting }, sync: { blocked } };
}

test("nothing lies over a video that plays", () => {
  assert.equal(coverOf(view(), FINE), null);
  assert.equal(coverOf({ room: null }, FINE), null);
});

test("a room without a video says so, whatever the last player did", () => {
  const none = view({ video: { url: "", title: "" } });
  assert.equal(coverOf(none, { ...FINE, state: "failed", fault: "network" }).say, "no_video");
});

test("what only the viewer can mend comes before what the room does", () => {
  const waiting = { for: ["bob"], since: 0, until: 10 };
  assert.equal(coverOf(view({ waiting }), { ...FINE, state: "blocked" }).say, "tap");
  assert.equal(coverOf(view({ waiting, blocked: true }), FINE).say, "tap");
  assert.equal(coverOf(view({ waiting }), { ...FINE, state: "failed", fault: "decode" }).say, "fault");
  assert.equal(coverOf(view({ waiting }), { ...FINE, state: "buffering" }).say, "waiting");
});

test("an address without a player, and a player that does not come, are told apart", () => {
  assert.equal(coverOf(view(), { lack: "unknown", state: null, fault: null }).say, "unknown");
  assert.deepEqual(coverOf(view(), { lack: "player_missing", state: null, fault: null }), {
    say: "fault", code: "player_missing",
  });
});

test("loading turns", () => {
  for (const screen of [{ lack: "loading", state: null }, { lack: null, state: "loading" }, { lack: null, state: "buffering" }]) {
    assert.equal(coverOf(view(), screen).isTurning, true);
  }
});

test("what a browser holds back on a page over https is told as that", () => {
  assert.equal(reasonOf("network", "http://example.com/film.mp4", "https:"), "insecure");
  assert.equal(reasonOf("network", "https://example.com/film.mp4", "https:"), "network");
  assert.equal(reasonOf("network", "http://example.com/film.mp4", "http:"), "network");
});

test("names stand in a row, oneself first", () => {
  const members = [{ id: "a", name: "Alice" }, { id: "b", name: "Bob" }, { id: "c", name: "Charlie" }, { id: "d", name: "Dora" }];
  const said = (ids, me = null) => namesOf(members, ids, me, english);
  assert.equal(said(["b"]), "Bob");
  assert.equal(said(["a", "b"], { id: "b" }), "you and Alice");
  assert.equal(said(["a", "b", "c", "d"]), "Alice, Bob and 2 more");
  assert.equal(said(["gone"]), "Somebody");
});
