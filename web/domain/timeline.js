/**
 * Where the video is, at any instant: the twin of the server's `domain/timeline.py`.
 *
 * @typedef {{position: number, at: number, playing: boolean, rate: number}} Timeline
 *   At instant `at` (ms, the server's clock) the video stood at `position` (s), moving at `rate`
 *   (seconds of video for each second of time) or standing still.
 */

import { rounded } from "./rounding.js";

/** @type {Timeline} */
export const STILL = Object.freeze({ position: 0, at: 0, playing: false, rate: 1 });

/** Seconds into the video at `now`; before the anchor it still stands at the anchor. */
export function positionAt(timeline, now) {
  if (!timeline.playing) return timeline.position;
  const elapsed = Math.max(0, now - timeline.at);
  return toMilliseconds(timeline.position + (elapsed / 1000) * timeline.rate);
}

/** Whether the picture moves: a play may be scheduled for an instant to come. */
export function isMovingAt(timeline, now) {
  return timeline.playing && now >= timeline.at;
}

/** Positions have millisecond precision; what is finer is noise of the arithmetic. */
export function toMilliseconds(position) {
  return rounded(position, 3);
}
