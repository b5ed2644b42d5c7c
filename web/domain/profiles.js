/**
 * What kinds of players can do, and how their drift is corrected: the twin of `profiles.py`.
 *
 * @typedef {object} Profile Times and errors in milliseconds, speeds as shares.
 * @property {number} correctBeyond a smaller error is left alone
 * @property {number} correctUntil a correction goes on until the error is smaller than this
 * @property {number} horizon a correction aims to be done in this time
 * @property {number} most the room's rate is left by at most this share
 * @property {number} step the player's rates lie on a grid of this width (0: any rate)
 * @property {number} seekBeyond an error this large is jumped over
 * @property {number} seekBeyondAfterDisturbance once, where the picture has just jumped anyway
 * @property {number} standWithin of video: how exactly a paused picture stands
 * @property {number} spacing between two changes of rate
 * @property {number} grace how long readings mean nothing after a jump or a start has ended
 */

/** @type {Profile} */
export const PRECISE = Object.freeze({
  correctBeyond: 10,
  correctUntil: 3,
  horizon: 500,
  most: 0.05,
  step: 0,
  seekBeyond: 1_000,
  seekBeyondAfterDisturbance: 100,
  standWithin: 20,
  spacing: 250,
  grace: 200,
});

/**
 * A <video>: each change of its rate costs it some 20 ms at once, so that to play away less than
 * this would do more harm than good.
 */
export const VIDEO = Object.freeze({ ...PRECISE, correctBeyond: 15 });

/** Players with a few fixed rates, whose position comes in coarse steps (YouTube). */
export const COARSE = Object.freeze({
  correctBeyond: 500,
  correctUntil: 100,
  horizon: 500,
  most: 0.25,
  step: 0.25,
  seekBeyond: 2_000,
  seekBeyondAfterDisturbance: 750,
  standWithin: 250,
  spacing: 1_000,
  grace: 1_000,
});

/** Players whose rate takes hold at no certain time (Safari): they are only ever moved by a jump. */
export const SEEK_ONLY = Object.freeze({
  correctBeyond: Infinity,
  correctUntil: 0,
  horizon: 500,
  most: 0,
  step: 0,
  seekBeyond: 500,
  seekBeyondAfterDisturbance: 500,
  standWithin: 100,
  spacing: 1_000,
  grace: 1_000,
});
