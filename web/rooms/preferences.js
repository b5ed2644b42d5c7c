/** What viewers have chosen for themselves in this browser; a spoilt entry is the default. */

import { Store } from "./store.js";

export const DEFAULTS = Object.freeze({
  name: "",
  volume: 1,
  muted: false,
  captions: true,
  quality: "auto",
  theme: "auto",
  language: "",
});

/** @param {Storage|null} storage */
export function createPreferences(storage) {
  const store = new Store(storage, "syncplay.preference.");
  const isFine = (name, value) => typeof value === typeof DEFAULTS[name];
  return {
    get(name) {
      const value = store.read(name);
      return isFine(name, value) ? value : DEFAULTS[name];
    },
    set(name, value) {
      if (!isFine(name, value)) throw new TypeError(`${name} cannot be ${value}`);
      store.write(name, value);
    },
  };
}
