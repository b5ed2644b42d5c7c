/** What is said in a session: kept, sent once, read again. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ALICE, BOB } from "../wire.js";
import { happen, join, log, network, page, pass, reopen, serverNow, session, time, told } from "./stage.js";

test("a line that is typed without a connection is shown, kept, and said when there is one", async () => {
  join();
  network.last.drop();
  const answer = session.say("Is anybody there?");
  const [line] = session.view.lines;
  assert.deepEqual([line.text, line.pending, line.name, line.seq], ["Is anybody there?", true, "Bob", null]);
  time.pass(60_000);
  session.retryNow();
  join();
  const [frame] = network.last.of("chat");
  network.last.answer("ack", { ref: frame.id, seq: 8 });
  happen("chat", { ...frame.data, position: 120, ref: frame.id }, 8, { userId: BOB });

  assert.deepEqual(await answer, { seq: 8 });
  assert.deepEqual(session.view.lines.map(({ text, pending, seq }) => [text, pending, seq]), [
    ["Is anybody there?", undefined, 8],
  ]);
});

test("it even outlives the page", () => {
  join();
  network.last.drop();
  session.say("Is anybody there?");
  session.close();
  reopen();
  assert.equal(session.view.lines[0].pending, true);
  join();
  const [frame] = network.last.of("chat");
  network.last.answer("ack", { ref: frame.id, seq: 8 });
  session.close();
  reopen();

  assert.deepEqual(session.view.lines, []);
});

test("a line that was refused can be said again, or given up", async () => {
  join();
  const refuse = () => {
    const { id: ref } = network.last.of("chat").at(-1);
    network.last.answer("error", { ref, code: "not_allowed", error: "Muted.", retryable: false });
    return ref;
  };
  const answer = session.say("Hi");
  const ref = refuse();
  await assert.rejects(answer, { code: "not_allowed" });
  assert.equal(session.view.lines[0].failed, "not_allowed");

  session.sayAgain(ref);
  assert.equal(session.view.lines[0].pending, true);
  assert.equal(network.last.of("chat").length, 2);
  refuse();
  session.discard(ref);
  assert.deepEqual(session.view.lines, []);
});

test("what cannot be said is refused before it is sent", async () => {
  join();
  await assert.rejects(session.say(" \n "), { code: "empty" });
  await assert.rejects(session.say("x".repeat(2_001)), { code: "too_long" });

  assert.equal(network.last.of("chat").length, 0);
});

test("the chat of before is read, older pages on demand", async () => {
  log.push({
    type: "chat", seq: 3, fromSeq: null, userId: ALICE, timestamp: "2026-11-23T18:00:00Z",
    data: { text: "Welcome", position: 0 },
  });
  const telling = told();
  join();
  await telling;
  await session.loadOlder();

  assert.deepEqual(session.view.lines.map(({ name, text }) => [name, text]), [["Alice", "Welcome"]]);
  assert.equal(session.view.hasOlder, false);
});

test("whoever writes is seen, until they have said it, or for ten seconds", () => {
  join();
  network.last.answer("typing", { id: ALICE, typing: true });
  assert.deepEqual(session.view.typing, [ALICE]);
  happen("chat", { text: "said" }, 8);
  assert.deepEqual(session.view.typing, []);
  network.last.answer("typing", { id: ALICE, typing: true });
  pass(9_900);
  assert.deepEqual(session.view.typing, [ALICE]);
  pass(200);

  assert.deepEqual(session.view.typing, []);
});

test("that one writes oneself is told every three seconds, and its end once", () => {
  join();
  for (let key = 0; key < 50; key += 1) {
    session.typing(true);
    pass(100);
  }
  session.typing(false);
  session.typing(false);

  assert.deepEqual(network.last.of("typing").map(({ data }) => data.typing), [true, true, false]);
});

test("reactions fly, but not those of a while ago", () => {
  const flown = [];
  session.onReaction((one) => flown.push(one));
  join();
  pass(1_000);
  happen("reaction", { emoji: "🎉" }, 8);
  happen("reaction", { emoji: "🐌" }, 9, { timestamp: new Date(serverNow() - 60_000).toISOString() });

  assert.deepEqual(flown, [{ emoji: "🎉", by: ALICE, name: "Alice" }]);
});
