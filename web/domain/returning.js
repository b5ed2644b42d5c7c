/** When to come back after a connection has ended, and when not to. */

const FIRST_WAIT = 500; // ms, before the first reconnect; each further one waits twice as long
const LONGEST_WAIT = 30_000; // ms
const LASTING = 5_000; // ms: a connection that held so long was a good one

// One has left; the room does not want us, or is no more; or this is an older tab that had to go.
const FINAL_CODES = {
  1000: "left",
  4400: "bad_frame",
  4403: "not_allowed",
  4404: "room_not_found",
  4409: "too_many_connections",
  4410: "room_closed",
};
// The same, as an error before the end says it: some servers lose the code of a close.
const FINAL_ERRORS = new Set(["banned", "room_closed", "room_not_found", "too_many_connections"]);

/** Why there is to be no further connection, as an error's code; null: come back. */
export function finalReason(closeCode) {
  return FINAL_CODES[closeCode] ?? null;
}

export function isFinal(errorCode) {
  return FINAL_ERRORS.has(errorCode);
}

/** Ever longer and uneven waits, so that a thousand members do not come back at once. */
export class Waits {
  #dice;
  #failures = 0;

  constructor(dice) {
    this.#dice = dice;
  }

  /** `lasted` (ms): how long one was in the room; `wish` (ms): how long the server wants us gone. */
  next({ lasted = 0, wish = 0 }) {
    this.#failures = lasted >= LASTING ? 1 : this.#failures + 1;
    const growing = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (Math.min(this.#failures, 10) - 1));
    return Math.max(growing * (0.5 + this.#dice() / 2), wish);
  }
}
