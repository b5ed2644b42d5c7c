import assert from "node:assert/strict";
import { test } from "node:test";

import * as lines from "../../../web/domain/lines.js";

const nameOf = (id) => ({ a: "Alice", b: "Bob" })[id] ?? null;
const AT = Date.parse("2026-11-23T18:00:00.000+00:00");

let seq = 0;
function frame(type, data, { by = "a", after = 0, ...more } = {}) {
  seq += 1;
  const timestamp = new Date(AT + after).toISOString();
  return { type, data, seq, fromSeq: null, userId: by, timestamp, ...more };
}
const heard = (...frames) => frames.reduce(
  (all, one) => lines.withLines(all, lines.linesOf(one, nameOf)), [],
);
const kinds = (all) => all.map(({ kind }) => kind);
const member = (id, isOnline = true) => ({ id, name: nameOf(id), is_online: isOnline });

test("a line of chat has who, what, when, and where the video was", () => {
  const [line] = heard(frame("chat", { text: "Hello", position: 12.5 }));

  assert.deepEqual([line.kind, line.name, line.text, line.position, line.at], [
    "chat", "Alice", "Hello", 12.5, AT,
  ]);
});

test("what happens to the video is told with who did it", () => {
  const motion = { position: 5, at: 1, isPlaying: true, rate: 1 };
  const all = heard(
    frame("play", motion), frame("pause", motion), frame("rate", { ...motion, rate: 2 }),
    frame("video_changed", { videoUrl: "https://example.com/a.mp4", videoTitle: "", at: 1 }),
  );

  assert.deepEqual(all.map(({ kind, name, text }) => [kind, name, text]), [
    ["play", "Alice", "1"], ["pause", "Alice", "1"], ["rate", "Alice", "2"],
    ["video", "Alice", "https://example.com/a.mp4"],
  ]);
});

test("what the server does of itself is no news", () => {
  assert.deepEqual(heard(frame("play", { position: 5, at: 1, isPlaying: true }, { by: null })), []);
});

test("of somebody who looks for a place in the film the last jump is told", () => {
  const jump = (position, by) => frame("seek", { position, at: 1, isPlaying: true }, { by });
  const all = heard(jump(1), jump(2), jump(3), jump(4, "b"));

  assert.deepEqual(all.map(({ by, position }) => [by, position]), [["a", 3], ["b", 4]]);
});

test("a place that is taken over REST is news when its member comes", () => {
  const all = heard(frame("user_joined", member("b", false)), frame("user_joined", member("b")));
  assert.deepEqual(kinds(all), ["joined"]);
});

test("a page that is loaded anew is no news", () => {
  const all = heard(
    frame("user_joined", member("b")), frame("user_offline", { id: "b", name: "Bob" }, { after: 1_000 }),
    frame("user_joined", member("b"), { after: 3_000 }),
  );
  assert.deepEqual(kinds(all), ["joined"]);
});

test("who was away for longer is back", () => {
  const all = heard(
    frame("user_offline", { id: "b", name: "Bob" }), frame("user_joined", member("b"), { after: 30_000 }),
    frame("user_left", { id: "b", name: "Bob", reason: "left" }, { after: 31_000 }),
    frame("user_joined", member("b"), { after: 32_000 }),
  );
  assert.deepEqual(kinds(all), ["offline", "back", "left", "joined"]);
});

test("comings and goings that are told in one are told one by one, unless they are many", () => {
  const few = frame("presence", { joined: [member("b")], left: [{ id: "a", name: "Alice" }] });
  const many = frame("presence", { joined: Array.from({ length: 6 }, (_, n) => ({ ...member("b"), id: `m${n}` })) });

  assert.deepEqual(kinds(heard(few)), ["joined", "left"]);
  assert.deepEqual(heard(many), []);
});

test("one's own line waits at the end, and takes its place when it has arrived", () => {
  const own = { ref: "one", text: "Hi", by: "a", name: "Alice", at: AT, position: 1 };
  let all = lines.withOwn(heard(frame("chat", { text: "first" })), own);
  all = lines.withLines(all, lines.linesOf(frame("chat", { text: "second" }, { by: "b" }), nameOf));
  assert.deepEqual(all.map(({ text, pending }) => [text, pending ?? false]), [
    ["first", false], ["second", false], ["Hi", true],
  ]);

  const event = frame("chat", { text: "Hi", ref: "one" });
  const acknowledged = lines.arrived(all, "one", event.seq);
  const both = lines.withLines(acknowledged, lines.linesOf(event, nameOf));
  const eventFirst = lines.arrived(lines.withLines(all, lines.linesOf(event, nameOf)), "one", event.seq);

  for (const end of [acknowledged, both, eventFirst]) {
    assert.deepEqual(end.map(({ text, seq: number, pending }) => [text, number, pending]), [
      ["first", all[0].seq, undefined], ["second", all[1].seq, undefined], ["Hi", event.seq, undefined],
    ]);
  }
});

test("a refused line stays, and can be said again or given up", () => {
  const own = { ref: "one", text: "Hi", by: "a", name: "Alice", at: AT, position: 1 };
  const refused = lines.failed(lines.withOwn([], own), "one", "not_allowed");

  assert.deepEqual([refused[0].failed, refused[0].pending], ["not_allowed", undefined]);
  assert.deepEqual([lines.tried(refused, "one")[0].failed, lines.tried(refused, "one")[0].pending], [undefined, true]);
  assert.deepEqual(lines.dropped(refused, "one"), []);
});

test("history goes before what is there, and nothing is there twice", () => {
  const older = [frame("chat", { text: "one" }), frame("chat", { text: "two" })];
  const now = heard(older[1], frame("chat", { text: "three" }));
  const all = lines.withHistory(now, older.flatMap((one) => lines.linesOf(one, nameOf)));

  assert.deepEqual(all.map(({ text }) => text), ["one", "two", "three"]);
});
