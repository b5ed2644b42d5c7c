import assert from "node:assert/strict";
import { test } from "node:test";

import { createSeats } from "../../../web/rooms/seats.js";
import { FORBIDDEN, storage } from "../storage.js";

const SEAT = { roomId: "a room", key: "a key", name: "Alice", publicId: "alice", isHost: true };

test("a seat outlives the page", () => {
  const browser = storage();
  createSeats(browser).keep({ ...SEAT, socketUrl: "not kept" });

  assert.deepEqual(createSeats(browser).of("a room"), SEAT);
  assert.equal(createSeats(browser).of("another room"), null);
});

test("each room has one seat, the newest room comes first", () => {
  const seats = createSeats(storage());
  seats.keep(SEAT);
  seats.keep({ ...SEAT, roomId: "another room" });
  seats.keep({ ...SEAT, key: "another key" });

  assert.deepEqual(seats.all().map(({ roomId, key }) => [roomId, key]), [
    ["a room", "another key"], ["another room", "a key"],
  ]);
});

test("a seat that is given up is gone", () => {
  const seats = createSeats(storage());
  seats.keep(SEAT);
  seats.give("a room");

  assert.equal(seats.of("a room"), null);
});

test("two tabs do not forget one another's seats", () => {
  const browser = storage();
  const [one, other] = [createSeats(browser), createSeats(browser)];
  one.keep(SEAT);
  other.keep({ ...SEAT, roomId: "another room" });

  assert.equal(one.all().length, 2);
});

test("a browser that keeps nothing remembers as long as the page lives", () => {
  for (const browser of [null, FORBIDDEN, storage({ isFull: true })]) {
    const seats = createSeats(browser);
    seats.keep(SEAT);
    assert.deepEqual(seats.of("a room"), SEAT);
  }
});

test("spoilt entries are no seats", () => {
  for (const spoilt of ["{", "7", "[null, {}, 3]", '[{"roomId": "a room", "key": 7}]']) {
    assert.deepEqual(createSeats(storage({ spoilt: { "syncplay.seats": spoilt } })).all(), []);
  }
});
