/**
 * Where an embedded player is between two of its reports, which come only a few times a second.
 *
 * @param {() => number} now ms, steady
 */
export function createReckoning(now = () => performance.now()) {
  let known = { position: 0, at: now(), moving: false, rate: 1 };

  function position() {
    const elapsed = known.moving ? ((now() - known.at) / 1000) * known.rate : 0;
    return known.position + elapsed;
  }

  return {
    position,
    /** What the player reports. A position that it has reported before says nothing new. */
    report(reported) {
      if (known.moving && reported === known.reported) return;
      known = { ...known, position: reported, reported, at: now() };
    },
    set(change) {
      known = { ...known, position: position(), ...change, at: now() };
    },
  };
}
