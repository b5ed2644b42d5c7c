import assert from "node:assert/strict";
import { test } from "node:test";

import { Commands } from "../../../web/domain/commands.js";

function given(...ids) {
  const commands = new Commands(() => 0);
  for (const id of ids) commands.add({ id, type: "chat", data: { text: id } });
  return commands;
}
const idsOf = (commands) => commands.map(({ id }) => id);

test("commands are said in the order in which they were given, once", () => {
  const commands = given("one", "two");

  assert.deepEqual(idsOf(commands.take(0)), ["one", "two"]);
  assert.deepEqual(commands.take(0), []);
});

test("after a lost connection those without an answer are said again", () => {
  const commands = given("one", "two");
  commands.take(0);
  commands.settle("one");
  commands.connectionLost();

  assert.deepEqual(idsOf(commands.take(0)), ["two"]);
});

test("no more than sixteen are under way at once", () => {
  const commands = given(...Array.from({ length: 20 }, (_, index) => `c${index}`));

  assert.equal(commands.take(0).length, 16);
  commands.settle("c0");
  assert.deepEqual(idsOf(commands.take(0)), ["c16"]);
});

test("one that found the server busy is said again when it may", () => {
  const commands = given("one", "two");
  commands.take(0);
  commands.putOff({ ref: "one", retryAfter: 2 }, 1_000);

  assert.deepEqual(commands.take(2_999), []);
  assert.equal(commands.due(1_000), 3_000);
  assert.deepEqual(idsOf(commands.take(3_000)), ["one"]);
});

test("where the server does not tell which, all are said again", () => {
  const commands = given("one", "two");
  commands.take(0);
  commands.putOff({ ref: null, retryAfter: 0 }, 0);

  assert.deepEqual(idsOf(commands.take(500)), ["one", "two"]);
});

test("what nobody wants any more is given up", () => {
  const commands = new Commands(() => 0);
  commands.add({ id: "play", type: "play", data: {}, until: 10_000 });
  commands.add({ id: "chat", type: "chat", data: {} });

  assert.equal(commands.due(0), 10_000);
  assert.deepEqual(commands.expired(10_000), ["play"]);
  assert.deepEqual(idsOf(commands.take(10_000)), ["chat"]);
  assert.equal(commands.settle("play"), false);
});
