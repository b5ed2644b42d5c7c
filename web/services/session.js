/**
 * One room, lived through: what is known of it, what one may do in it, and a player kept in step.
 *
 * `view` is an immutable picture of it all; `subscribe` tells that there is a new one.
 *
 * @typedef {{state: "connecting"|"open"|"waiting"|"offline"|"ended", retryAt: number|null,
 *   reason: {code: string, message: string}|null}} LinkView `retryAt` is by `Date.now()`
 * @typedef {{light: "in_sync"|"catching_up"|"waiting"|"reconnecting"|"paused"|"no_video",
 *   errorMs: number|null, offsetMs: number|null, roundTripMs: number|null,
 *   uncertaintyMs: number|null, rate: number, blocked: boolean}} SyncView
 * @typedef {{link: LinkView, room: import("../domain/room.js").Room|null, me: object|null,
 *   lines: import("../domain/lines.js").Line[], hasOlder: boolean, typing: string[],
 *   statuses: Object<string, object>, sync: SyncView,
 *   errors: {code: string, message: string, at: number}|null}} View
 */

import { Refused } from "../domain/refused.js";
import { positionAt, toMilliseconds } from "../domain/timeline.js";
import { attentionHere } from "../live/attention.js";
import { freshId } from "../live/ids.js";
import { browserTime } from "../live/time.js";
import { browserStorage } from "../rooms/store.js";
import { createUnsent } from "../rooms/unsent.js";
import { createLobby } from "./lobby.js";
import { Stay } from "./stay.js";
import { cleaned } from "./talk.js";
import { meView, syncView } from "./view.js";

const FIGURES_EVERY = 500; // ms

/**
 * @param {{roomId: string, seat: {key: string, name: string, publicId?: string,
 *   password?: string}, protocolUrl: string, lobby?: object, unsent?: object,
 *   attention?: import("../live/attention.js").Attention, time?: import("../live/time.js").Time,
 *   WebSocket?: Function, dice?: () => number}} options `protocolUrl`: the room's socket
 */
export function createSession(options) {
  return new Session(options);
}

class Session {
  #roomId;
  #seat;
  #time;
  #lobby;
  #stay;
  #view = null;
  #shownAt = -Infinity;
  #listeners = new Set();
  #reactionListeners = new Set();
  #isTelling = false;

  constructor({
    roomId, seat, protocolUrl, lobby = createLobby(), unsent = createUnsent(browserStorage()),
    attention = attentionHere(), time = browserTime, WebSocket, dice = Math.random,
  }) {
    this.#roomId = roomId;
    this.#seat = { publicId: "", ...seat };
    this.#time = time;
    this.#lobby = lobby;
    this.#stay = new Stay({
      link: { url: protocolUrl, seat: this.#seat, dice, WebSocket },
      time,
      attention,
      readLog: (query) => lobby.messages(roomId, { key: seat.key, ...query }),
      unsent: { keep: (line) => unsent.keep(roomId, line), drop: (id) => unsent.drop(roomId, id) },
      owner: {
        changed: () => this.#change(),
        beaten: () => this.#refresh(),
        reacted: (frame) => this.#tellReaction(frame),
      },
    });
    for (const line of unsent.of(roomId)) this.#sayLine(line);
    this.#stay.start();
  }

  // What is known

  /** @returns {View} */
  get view() {
    this.#view ??= this.#look();
    return this.#view;
  }

  /** `fn()` after anything has changed. The answer takes it back. */
  subscribe(fn) {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /** `fn({emoji, by, name})`. The answer takes it back. */
  onReaction(fn) {
    this.#reactionListeners.add(fn);
    return () => this.#reactionListeners.delete(fn);
  }

  /** The server's clock, ms; until it is known, the device's. */
  now() {
    const { clock } = this.#stay.link;
    return clock.hasSample ? clock.serverTime(this.#time.now()) : this.#time.wall();
  }

  /** Where the room's video is, s. */
  positionNow() {
    const { room } = this.#stay.link;
    return room ? positionAt(room.timeline, this.now()) : 0;
  }

  // What one may do: each resolves to {seq}, or rejects with a `Refused`

  play(position) {
    return this.#command("play", { position: place(position) });
  }

  pause(position) {
    return this.#command("pause", { position: place(position) });
  }

  seek(position) {
    return this.#command("seek", { position: place(position) });
  }

  setRate(rate) {
    return this.#command("rate", { rate });
  }

  changeVideo(url, title = "") {
    return this.#command("video_changed", { videoUrl: url, videoTitle: title });
  }

  changeSettings(settings) {
    return this.#command("settings", settings);
  }

  react(emoji) {
    return this.#command("reaction", { emoji });
  }

  /** A line is kept until it has arrived, through reconnects and reloads. */
  say(text) {
    try {
      const line = { id: freshId(), text: cleaned(text), at: this.#time.wall() };
      this.typing(false);
      return this.#sayLine(line);
    } catch (error) {
      return quietly(Promise.reject(error));
    }
  }

  /** Once more, a line that was refused. */
  sayAgain(ref) {
    const line = this.#stay.talk.tried(ref);
    this.#change();
    if (!line) return quietly(Promise.reject(new Refused("unknown_line", "That line is gone.")));
    const again = { id: ref, type: "chat", data: { text: line.text }, until: Infinity };
    return quietly(this.#stay.command(again));
  }

  /** A line that was refused, or is still on its way, is given up. */
  discard(ref) {
    this.#stay.forget(ref);
    this.#stay.talk.drop(ref);
    this.#change();
  }

  /** To be told at each key: the room hears of it every few seconds. */
  typing(isTyping) {
    const { link, talk } = this.#stay;
    if (!link.isJoined || !talk.tellsTyping(isTyping, this.#time.now())) return;
    link.say("typing", { typing: isTyping });
    link.flush();
  }

  /** More of the chat, as long as `view.hasOlder`. */
  async loadOlder() {
    const { key } = this.#seat;
    await this.#stay.talk.loadOlder((query) => this.#lobby.messages(this.#roomId, { key, ...query }));
    this.#change();
  }

  /** Give up the place, for good. */
  async leave() {
    await this.#lobby.leave(this.#roomId, this.#seat.key);
    this.#stay.end({ code: "left", message: "" });
  }

  // The link, and the player

  /** The button: connect now, even where there was said to be no way back. */
  retryNow() {
    this.#stay.start();
    this.#stay.link.lookAgain();
  }

  /** The player of the room's video: it is driven from now on, until the room has another one. */
  attach(player) {
    this.#stay.watching.attach(player);
    this.#stay.wake();
  }

  detach() {
    this.#stay.watching.detach();
    this.#stay.wake();
  }

  /** Call it inside a gesture: a start that the browser refused is tried again. */
  unblock() {
    this.#stay.watching.unblock();
    this.#stay.wake();
  }

  /** Go offline; the place is kept for a while. */
  close() {
    this.#stay.close();
  }

  // How it is done

  #command(type, data) {
    return quietly(this.#stay.command({ id: freshId(), type, data }));
  }

  #sayLine(line) {
    const { id: by = null, name = this.#seat.name } = this.view.me ?? {};
    return quietly(this.#stay.say(line, { by, name, position: this.positionNow() }));
  }

  #tellReaction({ userId: by, data: { emoji } }) {
    if (typeof emoji !== "string") return;
    const name = this.#stay.talk.nameOf(by);
    for (const fn of this.#reactionListeners) fn({ emoji, by, name });
  }

  /** One telling for all that has changed at once. */
  #change() {
    this.#view = null;
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const fn of this.#listeners) fn();
    });
  }

  /** The figures change ten times a second, which nobody could read. */
  #refresh() {
    const { sync: before, link } = this.view;
    const sync = this.#sync(link);
    const isDue = this.#time.now() - this.#shownAt >= FIGURES_EVERY;
    if (!isNews(before, sync) && !(isDue && isOther(before, sync))) return;
    this.#shownAt = this.#time.now();
    this.#change();
  }

  #sync(link) {
    const { link: { room, clock }, watching: { follower } } = this.#stay;
    return syncView({ link, room, follower, clock, now: this.#time.now() });
  }

  #look() {
    const { link, talk, error } = this.#stay;
    const view = link.view;
    return Object.freeze({
      link: view,
      room: link.room,
      me: meView(link.room, this.#seat),
      lines: talk.lines,
      hasOlder: talk.hasOlder,
      typing: talk.typing,
      statuses: link.room?.statuses ?? {},
      sync: this.#sync(view),
      errors: error,
    });
  }
}

function isNews(before, sync) {
  const wasMeasured = before.roundTripMs !== null;
  const isMeasured = sync.roundTripMs !== null;
  return sync.light !== before.light || sync.blocked !== before.blocked || wasMeasured !== isMeasured;
}

function isOther(before, sync) {
  return Object.keys(sync).some((name) => sync[name] !== before[name]);
}

function place(position) {
  return position === undefined ? undefined : Math.max(0, toMilliseconds(position));
}

/** Whoever does not look at the answer is told by the view: no need to complain in the console. */
function quietly(promise) {
  promise.catch(() => {});
  return promise;
}
