/** What a drift controller learns: how long a player takes, and when jumping is of no use. */

const SEEKS_IN_A_ROW = 3;
const IN_A_ROW = 10_000; // ms
const CALM = 30_000; // ms without a jump, after which jumping is trusted again
const MOST_PATIENCE = 8;
const LONGEST_HABIT = 2_000; // ms

/** How long the player takes for something (ms), learnt from how late it came out. */
export class Habit {
  #learnt = false;

  constructor(cost) {
    this.cost = cost;
  }

  learn(late) {
    // The first time teaches all that is known, later ones half of the surprise.
    const cost = this.cost + (this.#learnt ? late / 2 : late);
    this.cost = Math.min(Math.max(cost, 0), LONGEST_HABIT);
    this.#learnt = true;
  }
}

/** Jumps that do not help must not go on: a few in a row double what is put up with. */
export class ThrashGuard {
  patience = 1;
  #seeks = [];

  note(now) {
    this.#seeks = [...this.#seeks.filter((at) => now - at < IN_A_ROW), now];
    if (this.#seeks.length <= SEEKS_IN_A_ROW) return;
    this.patience = Math.min(this.patience * 2, MOST_PATIENCE);
    this.#seeks = [now];
  }

  look(now) {
    if (this.#seeks.length === 0 || now - this.#seeks.at(-1) < CALM) return;
    this.patience = 1;
    this.#seeks = [];
  }
}
