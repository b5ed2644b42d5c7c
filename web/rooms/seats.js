/**
 * The places that this browser holds: a room's key, and the name one has there. They outlive a
 * reload, and a second tab is the same member.
 *
 * @typedef {{roomId: string, key: string, name: string, publicId: string, isHost: boolean}} Seat
 */

import { Store } from "./store.js";

const MOST = 50; // whoever goes to more rooms than that has forgotten the first ones
const TEXTS = ["roomId", "key", "name", "publicId"];

/** @param {Storage|null} storage */
export function createSeats(storage) {
  const store = new Store(storage, "syncplay.");
  const all = () => (asList(store.read("seats")) ?? []).filter(isSeat);
  const others = (roomId) => all().filter((seat) => seat.roomId !== roomId);
  return {
    /** @returns {Seat[]} the newest first */
    all,
    /** @returns {Seat|null} */
    of: (roomId) => all().find((seat) => seat.roomId === roomId) ?? null,
    keep({ roomId, key, name, publicId = "", isHost = false }) {
      const seat = { roomId, key, name, publicId, isHost };
      store.write("seats", [seat, ...others(roomId)].slice(0, MOST));
    },
    /** The place is given up. */
    give: (roomId) => store.write("seats", others(roomId)),
  };
}

function asList(value) {
  return Array.isArray(value) ? value : null;
}

function isSeat(value) {
  return typeof value === "object" && value !== null
    && TEXTS.every((name) => typeof value[name] === "string") && value.key !== "";
}
