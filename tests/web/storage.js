/** A browser's storage: `spoilt` entries are there already, a `full` one takes nothing. */
export function storage({ spoilt = {}, isFull = false } = {}) {
  const entries = new Map(Object.entries(spoilt));
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem(key, value) {
      if (isFull) throw new Error("QuotaExceededError");
      entries.set(key, value);
    },
    removeItem: (key) => entries.delete(key),
  };
}

/** One that may not even be asked. */
export const FORBIDDEN = {
  getItem() { throw new Error("SecurityError"); },
  setItem() { throw new Error("SecurityError"); },
  removeItem() { throw new Error("SecurityError"); },
};
