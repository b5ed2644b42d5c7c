/** How a member is told from the others at a glance: a colour, and letters. */

const GOLDEN_ANGLE = 137.5; // degrees: however many come, the next one is far from the last ones

/** A hue for each, as they are first seen; it stays as long as the page does. */
export class Hues {
  #known = new Map();

  /** @returns {number} degrees */
  of(id) {
    const hue = this.#known.get(id) ?? (280 + this.#known.size * GOLDEN_ANGLE) % 360;
    this.#known.set(id, hue);
    return hue;
  }
}

/** One sign of the first word and one of the last, as a reader sees signs. */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/u);
  const firsts = [words[0], ...(words.length > 1 ? [words.at(-1)] : [])].map(firstSign);
  return firsts.join("").toLocaleUpperCase();
}

function firstSign(word) {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word);
  return first?.segment ?? "?";
}
