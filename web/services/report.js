/** Tells the room how the player is doing: when that changes, and every few seconds. */

import { FASTEST, SLOWEST } from "../domain/limits.js";
import { toMilliseconds } from "../domain/timeline.js";

export const REPORT_EVERY = 5_000; // ms
const AT_MOST_EVERY = 250; // ms

export class Reporter {
  #told = null;
  #toldAt = -Infinity;

  /** To a new connection nothing has been told yet. */
  startOver() {
    this.#told = null;
  }

  /** The `data` of a `status`, or null: nothing to tell. */
  report(follower, isHidden, now) {
    const state = isHidden ? "hidden" : follower.state(now);
    const age = now - this.#toldAt;
    if (age < (state === this.#told ? REPORT_EVERY : AT_MOST_EVERY)) return null;
    this.#told = state;
    this.#toldAt = now;
    return {
      state,
      position: Math.max(0, toMilliseconds(follower.position)),
      rate: Math.min(Math.max(follower.rate, SLOWEST), FASTEST),
      offset: follower.error === null ? undefined : Math.round(follower.error * 10) / 10,
    };
  }
}
