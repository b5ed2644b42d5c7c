/**
 * How a player is brought to where the room is, without annoying anybody: the twin of `drift.py`.
 *
 * A small error is left alone; a larger one is played away at a speed that nobody hears; only a
 * large one is jumped over, and the jump knows how long the last one took.
 *
 * @typedef {object} Reading What is seen at one moment.
 * @property {number} now ms, any steady clock
 * @property {number} position s: where the player is
 * @property {number} target s: where the room is
 * @property {boolean} playing whether the room moves
 * @property {number} roomRate
 * @property {number} rate the player's
 * @property {"ready"|"busy"|"buffering"} state busy: it is seeking or starting, as it was told
 * @property {number} ahead s of video that the player holds beyond its position
 * @property {boolean} canSeek
 *
 * @typedef {{type: "nothing"}|{type: "rate", rate: number}|{type: "seek", position: number}} Action
 */

import { Habit, ThrashGuard } from "./habits.js";
import { PRECISE } from "./profiles.js";
import { rounded } from "./rounding.js";

const LEAST_CHANGE = 0.002; // a smaller change of rate is not worth the player's trouble
const LEAST_AHEAD = 1.5; // s: with less in the buffer, faster would only mean to stall
const RATES = [0.25, 4.2]; // what a player is ever asked for

/** @type {Action} */
export const NOTHING = Object.freeze({ type: "nothing" });
const setRate = (rate) => ({ type: "rate", rate });
const seekTo = (position) => ({ type: "seek", position });

/** Milliseconds (of time, not of video) by which the player is ahead of the room. */
export function errorOf(reading) {
  return ((reading.position - reading.target) / reading.roomRate) * 1000;
}

/** Hand it a reading several times a second, and do what it says. */
export class Controller {
  // ms, a first guess. A browser starts slowly once, and afterwards goes on at once.
  #habits = { start: new Habit(90), resume: new Habit(10), seek: new Habit(120) };
  #guard = new ThrashGuard();
  #quietUntil = -Infinity;
  #rateKeptUntil = -Infinity;
  #lastError = null;
  #learning = null;
  #steering = false;
  #disturbed = false;
  #stood = null;

  constructor(profile = PRECISE) {
    this.profile = profile;
  }

  /** How long (ms) the player is expected to take for a "start", a "resume" or a "seek". */
  cost(deed) {
    return this.#habits[deed].cost;
  }

  /** The room has just made the player start or jump: let it settle, and learn from it. */
  told(deed, now) {
    this.#settle(now);
    this.#learning = this.#habits[deed];
    this.#disturbed = true;
  }

  /** What the player should be told now. @param {Reading} reading @returns {Action} */
  correct(reading) {
    this.#guard.look(reading.now);
    if (reading.state !== "ready") return this.#wait(reading);
    if (!reading.playing) return this.#stand(reading);
    if (reading.now < this.#quietUntil) return NOTHING;
    const error = this.#confirm(errorOf(reading));
    if (error === null) return NOTHING;
    if (reading.canSeek && this.#isTooFar(error, reading)) return this.#seek(reading);
    return this.#steer(error, reading);
  }

  #wait(reading) {
    this.#settle(reading.now);
    if (reading.state === "buffering") {
      // A jump that had to load says nothing about the next one.
      this.#learning = null;
      this.#disturbed = true;
    }
    return NOTHING;
  }

  #settle(now) {
    this.#quietUntil = now + this.profile.grace;
    this.#lastError = null;
    this.#steering = false;
  }

  /** The smaller of two readings in a row, so that a single odd one moves nothing. */
  #confirm(error) {
    const last = this.#lastError;
    this.#lastError = error;
    if (last === null) return null;
    const smaller = Math.abs(last) <= Math.abs(error) ? last : error;
    const confirmed = last > 0 === error > 0 ? smaller : 0;
    this.#learning?.learn(-confirmed);
    this.#learning = null;
    return confirmed;
  }

  #isTooFar(error, reading) {
    const isLoaded = (-error / 1000) * reading.roomRate < reading.ahead;
    const { seekBeyond, seekBeyondAfterDisturbance } = this.profile;
    const limit = this.#disturbed && isLoaded ? seekBeyondAfterDisturbance : seekBeyond;
    this.#disturbed = false;
    return Math.abs(error) > limit * this.#guard.patience;
  }

  #seek(reading) {
    this.#guard.note(reading.now);
    this.#settle(reading.now);
    this.#learning = this.#habits.seek;
    const way = (this.cost("seek") / 1000) * reading.roomRate;
    return seekTo(rounded(Math.max(0, reading.target + way), 3));
  }

  /** A picture that stands is jumped to its place; some players come no nearer to it. */
  #stand(reading) {
    this.#settle(reading.now);
    this.#learning = null;
    const here = `${reading.target} ${reading.position}`;
    const off = Math.abs(reading.position - reading.target) * 1000;
    if (off > this.profile.standWithin && reading.canSeek && this.#stood !== here) {
      this.#stood = here;
      return seekTo(reading.target);
    }
    return reading.rate === reading.roomRate ? NOTHING : setRate(reading.roomRate);
  }

  #steer(error, reading) {
    const { correctUntil, correctBeyond, spacing } = this.profile;
    this.#steering = Math.abs(error) > (this.#steering ? correctUntil : correctBeyond);
    const wanted = this.#steering ? this.#rateAgainst(error, reading) : reading.roomRate;
    if (wanted === reading.rate) return NOTHING;
    const isSmall = Math.abs(wanted - reading.rate) < LEAST_CHANGE * reading.roomRate;
    // To go back to the room's own rate is never put off.
    const canWait = wanted !== reading.roomRate;
    if (canWait && (isSmall || reading.now < this.#rateKeptUntil)) return NOTHING;
    this.#rateKeptUntil = reading.now + spacing;
    return setRate(wanted);
  }

  #rateAgainst(error, reading) {
    const { roomRate, ahead } = reading;
    if (error < 0 && ahead < LEAST_AHEAD) return roomRate;
    const wanted = this.profile.step
      ? roomRate - Math.sign(error) * this.profile.step
      : rounded(roomRate * (1 + this.#shareAgainst(error)), 4);
    return Math.min(Math.max(wanted, RATES[0]), RATES[1]);
  }

  #shareAgainst(error) {
    const { horizon, most } = this.profile;
    return Math.min(Math.max(-error / horizon, -most), most);
  }
}
