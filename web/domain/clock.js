/**
 * The server's clock, as it is known here: the twin of the Python client's `clock.py`.
 *
 * Four stamps of one question and its answer bound the offset between the two clocks from both
 * sides: the question arrived after it was sent, the answer was sent before it arrived. The middle
 * of what all of the last sixteen samples leave possible is the estimate.
 *
 * @typedef {{t0: number, t1: number, t2: number, t3: number}} Sample
 *   ms; t0 and t3 by the local clock, t1 and t2 by the server's
 */

export const KEPT = 16;
// Quartz differs by up to 50 parts in a million: what a sample says grows vaguer as it ages.
export const AGEING = 50e-6;
// A small correction is walked, not jumped: half a per cent of speed is below what is heard.
export const SLEW = 0.005;
export const STEP_BEYOND = 50; // ms: further off, a jump is the lesser evil

// A burst of four, since whoever joins wants to start at once; then ever more seldom.
export const BURST = 4;
export const FIRST_WAITS = [150, 150, 150, 500, 1_000, 2_000, 4_000]; // ms
export const CALM_WAIT = [10_000, 15_000]; // ms
const FIRST = FIRST_WAITS.length + 1; // samples: so long the estimate may jump, it is still young

/** How long (ms) to wait with the next question; `jitter`, in 0 … 1, keeps people out of step. */
export function waitAfter(asked, jitter) {
  if (asked <= FIRST_WAITS.length) return FIRST_WAITS[asked - 1];
  const [shortest, longest] = CALM_WAIT;
  return shortest + (longest - shortest) * jitter;
}

export function roundTrip(sample) {
  return sample.t3 - sample.t0 - (sample.t2 - sample.t1);
}

function isPossible(sample) {
  return sample.t2 >= sample.t1 && roundTrip(sample) >= 0;
}

/** The least and the greatest offset (server - local) that all of the samples leave possible. */
function agreement(samples, now) {
  let least = -Infinity;
  let greatest = Infinity;
  for (const { t0, t1, t2, t3 } of samples) {
    const vagueness = Math.max(0, now - t3) * AGEING;
    least = Math.max(least, t2 - t3 - vagueness);
    greatest = Math.min(greatest, t1 - t0 + vagueness);
  }
  return [least, greatest];
}

/** The newest samples, as far back as they agree: where they do not, a clock was set, or slept. */
function agreeing(samples) {
  for (let count = 2; count <= samples.length; count += 1) {
    const [least, greatest] = agreement(samples.slice(0, count), samples[0].t3);
    if (least > greatest) return samples.slice(0, count - 1);
  }
  return samples;
}

/** Tells the server's time, from samples that are handed to it. */
export class Clock {
  #samples = []; // the newest first
  #taken = 0;
  #offset = 0; // at `#since`, on its way to `#aim`
  #since = 0;
  #aim = 0;

  /** Whether it may be gone by: a single sample can be off by half a second. */
  get isSet() {
    return this.#taken >= BURST;
  }

  get hasSample() {
    return this.#taken > 0;
  }

  /** Learn from a sample; one that is impossible is not taken. */
  take(sample) {
    if (!isPossible(sample)) return false;
    this.#samples = agreeing([sample, ...this.#samples.slice(0, KEPT - 1)]);
    this.#taken += 1;
    this.#walkTo(this.estimate(sample.t3).offset, sample.t3);
    return true;
  }

  /** The best that can be said at the local instant `now`; ms. */
  estimate(now) {
    if (!this.hasSample) throw new Error("no sample has been taken yet");
    const [least, greatest] = agreement(this.#samples, now);
    return {
      offset: (least + greatest) / 2,
      uncertainty: (greatest - least) / 2,
      roundTrip: Math.min(...this.#samples.map(roundTrip)),
    };
  }

  /** The offset in use: near the estimate, but never jumping for a trifle. */
  offsetAt(now) {
    const way = this.#aim - this.#offset;
    const walked = Math.max(0, now - this.#since) * SLEW;
    return Math.abs(way) <= walked ? this.#aim : this.#offset + Math.sign(way) * walked;
  }

  /** The server's time (ms since 1970) at the local instant `now`. */
  serverTime(now) {
    return now + this.offsetAt(now);
  }

  #walkTo(aim, now) {
    const here = this.offsetAt(now);
    const isNew = this.#taken <= FIRST;
    this.#offset = isNew || Math.abs(aim - here) > STEP_BEYOND ? aim : here;
    this.#aim = aim;
    this.#since = now;
  }
}
