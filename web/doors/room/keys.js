/**
 * Which key does what. None does anything while somebody types, while a dialog is open, or with
 * Ctrl, Alt or Meta: those are the browser's.
 */

const BY_CODE = { KeyK: "play", KeyJ: "back", KeyL: "forward", KeyM: "mute", KeyF: "fullscreen", KeyC: "chat" };
const BY_KEY = {
  " ": "play", k: "play", j: "back", l: "forward", m: "mute", f: "fullscreen", c: "chat", "?": "help",
  ArrowLeft: "a_little_back", ArrowRight: "a_little_forward", ArrowUp: "louder", ArrowDown: "quieter",
};
const REPEATABLE = new Set(["a_little_back", "a_little_forward", "louder", "quieter", "back", "forward"]);

/**
 * @param {{key: string, code: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean,
 *   repeat: boolean}} event
 * @returns {string|null} what is meant; on keyboards without Latin letters by the key's place
 */
export function meaningOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const isLatin = /^[a-z]$/i.test(event.key);
  const isOther = event.key.length === 1 && !isLatin && /\p{L}/u.test(event.key);
  const meaning = BY_KEY[event.key.toLowerCase()] ?? BY_KEY[event.key] ?? (isOther ? BY_CODE[event.code] : null);
  if (!meaning || (event.repeat && !REPEATABLE.has(meaning))) return null;
  return meaning;
}

/** Whether the element that has the focus wants this key itself. */
export function isTakenBy(element, key) {
  if (!element) return false;
  if (element.isContentEditable || /^(SELECT|TEXTAREA)$/.test(element.tagName)) return true;
  if (element.tagName === "INPUT") return element.type !== "range" || key.startsWith("Arrow");
  const isPressed = /^(BUTTON|A|SUMMARY)$/.test(element.tagName);
  if (isPressed && (key === " " || key === "Enter")) return true;
  return element.getAttribute("role") === "log" && /^Arrow(Up|Down)$/.test(key);
}
