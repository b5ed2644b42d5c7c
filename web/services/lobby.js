/**
 * Rooms over REST: make one, take a place in one, look around.
 *
 * Every failure is a `Refused` with `code`, `message` for people, `errors` by field, `retryAfter` (s).
 *
 * @typedef {{roomId: string, name: string, key: string, publicId: string, isHost: boolean,
 *   socketUrl: string}} Seat
 */

/** @param {{fetch?: Function, base?: string}} [options] `base`: where `/api/` is, by default here */
export function createLobby(options) {
  const later = () => Promise.reject(Object.assign(new Error("not there yet"), { code: "unavailable" }));
  return {
    /** @returns {Promise<Seat>} {roomName, userName, videoUrl?, videoTitle?, visibility?, password?, settings?} */
    create(wish) { return later(); },
    /** @returns {Promise<Seat>} {roomId, userName, password?} */
    join(wish) { return later(); },
    /** @returns {Promise<{rooms: object[], next: string|null}>} {limit?, before?} */
    list(query) { return later(); },
    /** @returns {Promise<object>} the room as REST writes it */
    room(roomId, key) { return later(); },
    /** @returns {Promise<object[]>} oldest first: {key?, limit?, before?, after?, type?} */
    messages(roomId, query) { return later(); },
    leave(roomId, key) { return later(); },
  };
}
