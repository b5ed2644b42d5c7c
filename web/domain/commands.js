/** Commands that have no answer yet. Each keeps its id, so that the server does it once. */

import { COMMANDS_IN_FLIGHT } from "./limits.js";

const LEAST_WAIT = 500; // ms, before a command that found the server busy is said again

/** In the order in which they were given. */
export class Commands {
  #dice;
  #open = new Map();

  /** @param {() => number} dice 0 … 1 */
  constructor(dice) {
    this.#dice = dice;
  }

  /** `until` (local ms): later than that nobody wants it any more. */
  add({ id, type, data, until = Infinity }) {
    this.#open.set(id, { id, type, data, until, sent: false, notBefore: -Infinity });
  }

  has(id) {
    return this.#open.has(id);
  }

  /** It is answered, or given up. Answers whether it was open. */
  settle(id) {
    return this.#open.delete(id);
  }

  /** The server was busy: say again what the error is about, or all where it does not tell. */
  putOff({ ref, retryAfter }, now) {
    const wait = Math.max(retryAfter * 1000, LEAST_WAIT) * (1 + this.#dice() / 2);
    for (const command of this.#open.values()) {
      if (!command.sent || (ref !== null && ref !== command.id)) continue;
      command.sent = false;
      command.notBefore = now + wait;
    }
  }

  /** Nobody knows what has arrived: all of them are to be said again. */
  connectionLost() {
    for (const command of this.#open.values()) command.sent = false;
  }

  /** Those to be said now. */
  take(now) {
    const all = [...this.#open.values()];
    const free = COMMANDS_IN_FLIGHT - all.filter(({ sent }) => sent).length;
    const ready = all.filter(({ sent, notBefore }) => !sent && notBefore <= now);
    const taken = ready.slice(0, Math.max(0, free));
    for (const command of taken) command.sent = true;
    return taken;
  }

  /** The ids of those that came too late; they are given up. */
  expired(now) {
    const ids = [...this.#open.values()].filter(({ until }) => until <= now).map(({ id }) => id);
    for (const id of ids) this.#open.delete(id);
    return ids;
  }

  /** When (local ms) one is to be said or given up next; Infinity: not before something happens. */
  due(now) {
    const all = [...this.#open.values()];
    const later = all.filter(({ sent, notBefore }) => !sent && notBefore > now);
    return Math.min(...all.map(({ until }) => until), ...later.map(({ notBefore }) => notBefore));
  }
}
