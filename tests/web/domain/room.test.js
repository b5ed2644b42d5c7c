import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { follow, fromSnapshot, Gap, nowhere, passed } from "../../../web/domain/room.js";
import { decode, NotUnderstood } from "../../../web/domain/wire.js";
import { vectors } from "../vectors.js";

const ALICE = "alice's public id";
const BOB = "bob's public id";
const SNAPSHOT = {
  id: "a room", current_position: 120, position_at: 1_700_000_000_000, is_playing: true, seq: 7,
  playback_rate: 1.5, host_id: ALICE, users: [
    { id: ALICE, name: "Alice", is_host: true, is_online: true, role: "host", joined_at: "" },
    { id: BOB, name: "Bob", is_host: false, is_online: true, role: "member", joined_at: "" },
  ],
};

const room = fromSnapshot(SNAPSHOT);
const told = (type, data, more = {}) => follow(room, { type, data, seq: 8, ...more });

describe("whoever follows the events has the room that the server has", () => {
  for (const { name, room: before, frames, then } of vectors("room").stories) {
    test(name, () => {
      const followed = frames.reduce(
        (known, frame) => follow(known, decode(JSON.stringify(frame))),
        fromSnapshot(before),
      );
      assert.deepEqual({ ...followed, isClosed: false }, fromSnapshot(then));
    });
  }
});

test("what was seen already is passed over", () => {
  assert.equal(follow(room, { type: "host_changed", data: { id: BOB }, seq: 7 }), room);
});

test("a missing event is noticed", () => {
  assert.throws(() => follow(room, { type: "chat", data: {}, seq: 9 }), Gap);
});

test("a merged event stands for a range", () => {
  const data = {
    joined: [{ id: "c", name: "Charlie", is_online: true }],
    offline: [{ id: ALICE, name: "Alice" }],
    left: [{ id: BOB, user_id: BOB, name: "Bob", reason: "left" }],
  };

  const after = follow(room, { type: "presence", data, seq: 12, fromSeq: 8 });

  assert.equal(after.seq, 12);
  assert.deepEqual(after.members.map(({ id, isOnline }) => [id, isOnline]), [[ALICE, false], ["c", true]]);
});

test("one that overlaps with what is known counts, one that begins too late is a gap", () => {
  assert.equal(follow(room, { type: "presence", data: {}, seq: 12, fromSeq: 5 }).seq, 12);
  assert.throws(() => follow(room, { type: "presence", data: {}, seq: 12, fromSeq: 9 }), Gap);
});

test("an event of a later server counts, and changes nothing else", () => {
  for (const type of ["fireworks", "constructor", "__proto__"]) {
    assert.deepEqual(told(type, {}), { ...room, seq: 8 });
  }
});

test("an event that makes no sense is not believed, and its number can be passed", () => {
  const senseless = { type: "seek", data: { position: "far", at: 1, isPlaying: true }, seq: 8 };

  assert.throws(() => follow(room, senseless), NotUnderstood);
  assert.deepEqual(passed(room, senseless), { ...room, seq: 8 });
});

test("of players the newest is known, until their member goes", () => {
  const members = [{ id: BOB, state: "buffering", offset: -412, round_trip: 88.9 }];
  const heard = follow(room, { type: "status", data: { members }, seq: null });

  assert.equal(heard.statuses[BOB].state, "buffering");
  assert.equal(heard.statuses[BOB].roundTrip, 88.9);
  assert.equal(heard.seq, room.seq);
  assert.deepEqual(follow(heard, { type: "user_offline", data: { id: BOB }, seq: 8 }).statuses, {});
});

test("a role that is given is seen", () => {
  assert.equal(told("role_changed", { id: BOB, role: "moderator" }).members[1].role, "moderator");
});

test("a snapshot that is none is refused", () => {
  for (const spoilt of [null, [], {}, { ...SNAPSHOT, users: [{}] }, { ...SNAPSHOT, is_playing: 1 }]) {
    assert.throws(() => fromSnapshot(spoilt), NotUnderstood);
  }
});

test("nothing is known of a room that was never seen", () => {
  assert.equal(nowhere("a room").timeline.playing, false);
});
