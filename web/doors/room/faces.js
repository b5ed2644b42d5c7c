/** How a member is told from the others at a glance: a colour, and letters. */

/** 0 to 359, the same everywhere for the same member. */
export function hueOf(id) {
  let hash = 0;
  for (const sign of id ?? "") hash = (hash * 31 + sign.codePointAt(0)) % 360_007;
  return (hash * 47) % 360;
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
