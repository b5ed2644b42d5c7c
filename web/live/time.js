/**
 * The browser's time, as the parts that live by it are given it.
 *
 * @typedef {object} Time
 * @property {() => number} now ms, steady, from anywhere on
 * @property {() => number} wall ms since 1970, as the device believes
 * @property {(wait: number, deed: () => void) => () => void} after the answer calls it off
 */

/** @type {Time} */
export const browserTime = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(wait, deed) {
    const timer = setTimeout(deed, wait);
    return () => clearTimeout(timer);
  },
};
