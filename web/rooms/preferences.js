/** What a viewer has chosen for itself in this browser; unknown or spoilt entries are the default. */
export const DEFAULTS = Object.freeze({
  name: "", volume: 1, muted: false, captions: true, quality: "auto", theme: "auto", language: "",
});

/** @param {Storage|null} storage */
export function createPreferences(storage) {
  return {
    get(name) { return DEFAULTS[name]; },
    set(name, value) {},
  };
}
