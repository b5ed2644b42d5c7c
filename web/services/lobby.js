/**
 * Rooms over REST: make one, take a place in one, look around.
 *
 * Every failure is a `Refused`. Beside the server's codes there are `offline` (nobody could be
 * reached) and `unreadable` (somebody answered, but not SyncPlay).
 *
 * @typedef {{roomId: string, name: string, key: string, publicId: string, isHost: boolean,
 *   socketUrl: string}} Seat
 */

import { Refused } from "../domain/refused.js";
import { fromSnapshot } from "../domain/room.js";
import { listOf, maybe, number, object, shape, text } from "../domain/wire.js";

const PATIENCE = 15_000; // ms

const member = shape({ id: text, public_id: text, name: text });
const seated = shape({ room: object, user: member, websocket_url: text });
const list = shape({ rooms: listOf(object), next: maybe(text) });
const one = shape({ room: object });
const message = shape({
  seq: number, type: text, user_id: maybe(text), data: object, timestamp: text,
});
const log = shape({ messages: listOf(message) });
const failure = shape({
  code: maybe(text, "unknown"), message: maybe(text, ""), errors: maybe(object, {}),
});

/** @param {{fetch?: typeof fetch, base?: string}} [options] `base`: where `/api/` is */
export function createLobby({ fetch = (...all) => globalThis.fetch(...all), base = "" } = {}) {
  const call = (path, options) => ask(fetch, `${base}/api/rooms/${path}`, options);
  return {
    /** @returns {Promise<Seat>} */
    async create({ roomName, userName, videoUrl, videoTitle, visibility, password, settings }) {
      const body = {
        room_name: roomName, user_name: userName, video_url: videoUrl || undefined,
        video_title: videoTitle, visibility, password: password || undefined, settings,
      };
      return seatOf(await call("create/", { method: "POST", body, read: seated }));
    },

    /** @returns {Promise<Seat>} */
    async join({ roomId, userName, password }) {
      const body = { room_id: roomId, user_name: userName, password: password || undefined };
      return seatOf(await call("join/", { method: "POST", body, read: seated }));
    },

    /** The public rooms, newest first: `next` is the `before` of the next page. */
    async list({ limit, before } = {}) {
      const { rooms, next } = await call(query({ limit, before }), { read: list });
      return { rooms: rooms.map((room) => ({ ...fromSnapshot(room), count: room.user_count })), next };
    },

    /** @returns {Promise<import("../domain/room.js").Room>} a private one needs a member's key */
    async room(roomId, key) {
      const { room } = await call(`${encodeURIComponent(roomId)}/`, { key, read: one });
      return fromSnapshot(room);
    },

    /** What happened, oldest first, as frames: without `after`, the newest before `before`. */
    async messages(roomId, { key, limit, before, after, type } = {}) {
      const path = `${encodeURIComponent(roomId)}/messages/${query({ limit, before, after, type })}`;
      const { messages } = await call(path, { key, read: log });
      return messages.map(({ user_id: userId, ...frame }) => ({ ...frame, userId, fromSeq: null }));
    },

    /** Give the place up, for good. */
    async leave(roomId, key) {
      await call(`${encodeURIComponent(roomId)}/leave/`, { method: "DELETE", key, body: {}, keepalive: true });
    },
  };
}

function seatOf({ room, user, websocket_url: socketUrl }) {
  const { id: roomId, hostId } = fromSnapshot(room);
  const { id: key, public_id: publicId, name } = user;
  return { roomId, name, key, publicId, isHost: hostId === publicId, socketUrl };
}

function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

async function ask(fetch, url, { method = "GET", key, body, keepalive, read = object }) {
  const headers = { Accept: "application/json" };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body) headers["Content-Type"] = "application/json";
  const options = { method, headers, body: body && JSON.stringify(body), keepalive };
  const response = await reach(fetch, url, options);
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, answer);
  try {
    return read(answer, "an answer");
  } catch {
    throw new Refused("unreadable", "The server's answer could not be read. Reload the page.");
  }
}

async function reach(fetch, url, options) {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    return await fetch(url, { ...options, signal, credentials: "omit", cache: "no-store" });
  } catch {
    throw new Refused("offline", "The server cannot be reached. Look at your connection and try again.");
  }
}

function refusal(response, answer) {
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  try {
    const { code, message: told, errors } = failure(answer, "an answer");
    return new Refused(code, told, { errors, retryAfter });
  } catch {
    return new Refused("unreadable", `The server answered with an error (HTTP ${response.status}).`, { retryAfter });
  }
}
