/** Plain text for people: its links, and times as they are read. Never HTML. */

import { webAddress } from "./addresses.js";

const ADDRESS = /\bhttps?:\/\/[^\s<>"“”«»]+/giu;
const CLOSERS = { ")": "(", "]": "[", "}": "{" };

/**
 * The text in parts: plain ones, and links (http and https only) with an `href`.
 * @returns {{text: string, href?: string}[]}
 */
export function partsOf(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutPunctuation(match[0]);
    const href = webAddress(address)?.href;
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Seconds as people write them: 4:07, 1:02:03. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–:––";
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = two(whole % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** What ends a sentence, or closes a bracket that the address did not open, is not of the address. */
function withoutPunctuation(address) {
  let kept = address;
  while (/[.,;:!?'’)\]}…*_]$/u.test(kept) && !closesItsOwn(kept)) kept = kept.slice(0, -1);
  return kept;
}

function closesItsOwn(address) {
  const closer = address.at(-1);
  const opener = CLOSERS[closer];
  const count = (sign) => address.split(sign).length - 1;
  return opener !== undefined && count(opener) >= count(closer);
}
