import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Conversation } from "../../../web/domain/conversation.js";
import { BOB, snapshot } from "../wire.js";

const SEAT = { key: "bob's key", name: "Bob" };
let bob;

beforeEach(() => {
  bob = new Conversation(SEAT, () => 0);
});

const sent = () => bob.outgoing().map((text) => JSON.parse(text));
const ofType = (type) => sent().filter((frame) => frame.type === type);
const hear = (type, data = {}, more = {}, now = 0) => {
  return bob.received(JSON.stringify({ type, data, ...more }), now);
};

function join(now = 0) {
  bob.opened(now);
  bob.tick(now);
  sent();
  return hear("room_update", snapshot(), {}, now);
}

test("the first words are who one is, and a question for the time", () => {
  bob.opened(0);
  bob.tick(0);

  assert.deepEqual(sent(), [
    { type: "join", userId: "bob's key", data: { userName: "Bob", protocol: 2 } },
    { type: "time", data: { t0: 0 } },
  ]);
});

test("the room is the answer", () => {
  assert.deepEqual(join().map(({ kind }) => kind), ["joined", "happened"]);
  assert.equal(bob.isJoined, true);
  assert.equal(bob.room.name, "Movie night");
});

test("a password is shown where there is one", () => {
  bob = new Conversation({ ...SEAT, password: "popcorn" }, () => 0);
  bob.opened(0);

  assert.equal(sent()[0].data.password, "popcorn");
});

test("a later connection resumes where the last one was", () => {
  join();
  bob.closed(0, 1006);
  bob.opened(1_000);

  assert.deepEqual(sent()[0].data, { userName: "Bob", protocol: 2, lastSeq: 7, epoch: "an epoch" });
  hear("chat", { text: "missed" }, { seq: 8, userId: BOB });
  assert.deepEqual(hear("resumed", { seq: 8 }), [{ kind: "joined", resumed: true }]);
  assert.equal(bob.room.seq, 8);
});

test("a gap is mended by asking for the room, once, on the same connection", () => {
  join();
  assert.deepEqual(hear("chat", {}, { seq: 9 }), []);
  assert.deepEqual(hear("chat", {}, { seq: 10 }), []);

  assert.equal(ofType("join").length, 1);
  hear("room_update", snapshot({ seq: 10 }));
  assert.equal(hear("chat", { text: "on" }, { seq: 11 }).length, 1);
});

test("a room_update sets the number, even downwards", () => {
  join();
  hear("room_update", snapshot({ seq: 3, epoch: "a restored one" }));

  assert.deepEqual([bob.room.seq, bob.room.epoch], [3, "a restored one"]);
});

test("what makes no sense disturbs nobody, and its number counts", () => {
  join();
  for (const bytes of ["", "{", "[]", '{"type": "room_update", "data": {}}', '{"type": "ack", "data": {}}']) {
    assert.deepEqual(bob.received(bytes, 0), []);
  }
  assert.deepEqual(hear("seek", { position: "far" }, { seq: 8 }), []);
  assert.equal(hear("chat", { text: "on" }, { seq: 9 }).length, 1);
});

test("a command waits for the room, and is answered once", () => {
  bob.command({ id: "one", type: "chat", data: { text: "Hi" } });
  bob.opened(0);
  bob.tick(0);
  assert.equal(ofType("chat").length, 0);
  hear("room_update", snapshot());
  bob.tick(0);

  assert.deepEqual(ofType("chat"), [{ type: "chat", data: { text: "Hi" }, id: "one" }]);
  assert.deepEqual(hear("ack", { ref: "one", seq: 8 }), [
    { kind: "answered", ref: "one", seq: 8, error: null },
  ]);
  assert.deepEqual(hear("ack", { ref: "one", seq: 8 }), []);
});

test("what had no answer is said again with the same id", () => {
  join();
  bob.command({ id: "one", type: "play", data: {} });
  bob.tick(0);
  sent();
  bob.closed(0, 1006);
  join(1_000);
  bob.tick(1_000);

  assert.deepEqual(ofType("play"), [{ type: "play", data: {}, id: "one" }]);
});

test("a refusal is an answer, a busy server is not", () => {
  join();
  for (const id of ["one", "two"]) bob.command({ id, type: "chat", data: {} });
  bob.tick(0);
  sent();
  const no = hear("error", { ref: "one", code: "not_allowed", error: "No.", retryable: false });
  const later = hear("error", { ref: "two", code: "slow_down", error: "Later.", retryable: true, retryAfter: 1 });

  assert.deepEqual(no[0].error, { code: "not_allowed", message: "No." });
  assert.deepEqual(later, []);
  bob.tick(999);
  assert.equal(ofType("chat").length, 0);
  bob.tick(1_000);
  assert.deepEqual(ofType("chat").map(({ id }) => id), ["two"]);
});

test("a press that the server never heard of is given up in time", () => {
  join();
  bob.closed(0, 1006);
  bob.command({ id: "one", type: "play", data: {}, until: 10_000 });

  assert.equal(bob.due(0), 10_000);
  assert.equal(bob.tick(10_000)[0].error.code, "timeout");
  join(11_000);
  bob.tick(11_000);
  assert.equal(ofType("play").length, 0);
});

test("whoever is turned away for good does not come back", () => {
  bob.opened(0);
  hear("error", { code: "wrong_password", error: "Another one.", retryable: false });

  assert.equal(bob.hangsUp, true);
  assert.deepEqual(bob.closed(0, 1006), { ended: { code: "wrong_password", message: "Another one." } });
});

test("whoever is turned away for a while does", () => {
  bob.opened(0);
  hear("error", { code: "slow_down", error: "Later.", retryable: true, retryAfter: 9 });

  assert.equal(bob.hangsUp, true);
  assert.deepEqual(bob.closed(0, 1006), { wait: 9_000 });
});

test("a server that restarts says when to come back, and that is no error of ours", () => {
  join();
  assert.deepEqual(hear("error", { code: "unavailable", error: "…", retryable: true, retryAfter: 3 }), []);
  assert.deepEqual(bob.closed(100, 1012), { wait: 3_000 });
  assert.deepEqual(bob.closed(100, 1006), { wait: 500 });
});

test("a room that is closed is the end, whether the code arrives or not", () => {
  join();
  hear("error", { code: "room_closed", error: "Closed.", retryable: false });
  assert.deepEqual(bob.closed(0, 1006), { ended: { code: "room_closed", message: "Closed." } });
  assert.deepEqual(bob.closed(0, 4404), { ended: { code: "room_not_found", message: "" } });
  assert.deepEqual(bob.closed(0, 1000), { ended: { code: "left", message: "" } });
});

test("the clock is set after four answers, in half a second", () => {
  join();
  let [now, asked] = [0, 1]; // the first question was asked with the join
  hear("time", { t0: 0, t1: 5_000, t2: 5_000 }, {}, 20);
  while (asked < 4) {
    now = bob.due(now);
    bob.tick(now);
    asked += 1;
    hear("time", { t0: now, t1: now + 5_000, t2: now + 5_000 }, {}, now + 20);
  }

  assert.equal(bob.clock.isSet, true);
  assert.ok(now <= 500);
  assert.ok(Math.abs(bob.clock.serverTime(1_000) - 5_990) < 1);
});

test("an answer to no question, or to one of another connection, is not believed", () => {
  join();
  hear("time", { t0: 1, t1: 9e9, t2: 9e9 }, {}, 2);
  bob.closed(10, 1006);
  bob.opened(10);
  hear("time", { t0: 0, t1: 5_000, t2: 5_000 }, {}, 20);

  assert.equal(bob.clock.hasSample, false);
});

test("a clock that has slept is measured anew", () => {
  join();
  hear("time", { t0: 0, t1: 5_000, t2: 5_000 }, {}, 20);
  bob.askAgain(60_000, { forget: true });

  assert.equal(bob.clock.hasSample, false);
  assert.equal(bob.due(60_000), 60_000);
});
