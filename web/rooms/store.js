/**
 * Entries of the browser's storage, as JSON. A browser that keeps nothing (private mode, a full
 * disk, storage switched off) forgets with the page, and nobody is bothered.
 */
export class Store {
  #storage;
  #prefix;
  #here = new Map();

  /** @param {Storage|null} storage @param {string} prefix of this store's entries */
  constructor(storage, prefix) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  read(name) {
    const key = this.#prefix + name;
    try {
      return JSON.parse(this.#storage?.getItem(key) ?? "null") ?? this.#here.get(key) ?? null;
    } catch {
      return this.#here.get(key) ?? null;
    }
  }

  write(name, value) {
    const key = this.#prefix + name;
    this.#here.set(key, value);
    try {
      this.#storage?.setItem(key, JSON.stringify(value));
    } catch {
      // It is remembered as long as the page lives.
    }
  }

  remove(name) {
    const key = this.#prefix + name;
    this.#here.delete(key);
    try {
      this.#storage?.removeItem(key);
    } catch {
      // What cannot be written cannot be removed either.
    }
  }
}

/** The browser's, where it lets us have it: to ask for it may already be refused. */
export function browserStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
