/** Who listens to a player, and for what. */
export function createEmitter() {
  const listeners = new Map();

  function on(event, listener) {
    const those = listeners.get(event) ?? new Set();
    listeners.set(event, those.add(listener));
    return () => those.delete(listener);
  }

  function emit(event, detail) {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(detail);
  }

  return { on, emit, clear: () => listeners.clear() };
}
