/**
 * Lines of chat that are not known to have arrived: a reload must not lose them. Each keeps the id
 * of its command, so that it is said once however often it is sent.
 *
 * @typedef {{id: string, text: string, at: number}} Unsent
 */

import { Store } from "./store.js";

const MOST = 50;
const OLD = 24 * 60 * 60 * 1000; // ms: so long the server remembers ids

/** @param {Storage|null} storage @param {() => number} wall ms since 1970 */
export function createUnsent(storage, wall = Date.now) {
  const store = new Store(storage, "syncplay.unsent.");
  const of = (roomId) => {
    const kept = store.read(roomId);
    return Array.isArray(kept) ? kept.filter((line) => isLine(line) && wall() - line.at < OLD) : [];
  };
  const write = (roomId, lines) => {
    if (lines.length) store.write(roomId, lines.slice(-MOST));
    else store.remove(roomId);
  };
  return {
    /** @returns {Unsent[]} */
    of,
    keep: (roomId, { id, text, at }) => write(roomId, [...of(roomId), { id, text, at }]),
    drop: (roomId, id) => write(roomId, of(roomId).filter((line) => line.id !== id)),
  };
}

function isLine(value) {
  return typeof value?.id === "string" && typeof value.text === "string" && Number.isFinite(value.at);
}
