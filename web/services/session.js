/**
 * One room, lived through: what is known of it, what one may do in it, and a player kept in step.
 *
 * `view` is an immutable picture of it all; `subscribe` tells that there is a new one.
 *
 * @typedef {{state: "connecting"|"open"|"waiting"|"offline"|"ended", retryAt: number|null,
 *   reason: {code: string, message: string}|null}} LinkView `retryAt` is by `Date.now()`
 * @typedef {{seq: number|null, ref: string|null, kind: string, by: string|null, name: string|null,
 *   text: string, position: number|null, at: number, pending?: boolean, failed?: string}} Line
 *   `kind`: chat, joined, back, offline, left, video, host, role, settings, play, pause, seek, rate
 * @typedef {{light: "in_sync"|"catching_up"|"waiting"|"reconnecting"|"paused"|"no_video",
 *   errorMs: number|null, offsetMs: number|null, roundTripMs: number|null,
 *   uncertaintyMs: number|null, rate: number, blocked: boolean}} SyncView
 */

/**
 * @param {{roomId: string, seat: {key: string, name: string, publicId?: string,
 *   password?: string}, protocolUrl: string, lobby?: object, time?: object, attention?: object,
 *   WebSocket?: Function, dice?: () => number}} options `protocolUrl`: the room's socket
 */
export function createSession(options) {
  const later = () => Promise.reject(Object.assign(new Error("not there yet"), { code: "unavailable" }));
  return {
    view: {
      link: { state: "connecting", retryAt: null, reason: null },
      room: null,
      me: null,
      lines: [],
      hasOlder: false,
      typing: [],
      statuses: {},
      sync: {
        light: "reconnecting", errorMs: null, offsetMs: null, roundTripMs: null,
        uncertaintyMs: null, rate: 1, blocked: false,
      },
      errors: null,
    },
    subscribe(fn) { return () => {}; }, // the answer takes it back
    now() { return Date.now(); },
    positionNow() { return 0; },
    play(position) { return later(); },
    pause(position) { return later(); },
    seek(position) { return later(); },
    setRate(rate) { return later(); },
    changeVideo(url, title) { return later(); },
    say(text) { return later(); },
    sayAgain(ref) { return later(); }, // a line that has failed
    discard(ref) {}, // the same, given up
    react(emoji) { return later(); },
    typing(isTyping) {},
    changeSettings(settings) { return later(); },
    leave() { return later(); },
    loadOlder() { return Promise.resolve(); }, // more of the chat, as long as view.hasOlder
    onReaction(fn) { return () => {}; }, // fn({emoji, by, name}); the answer takes it back
    retryNow() {},
    unblock() {}, // call it inside a gesture: a start that the browser refused is tried again
    attach(player) {},
    detach() {},
    close() {},
  };
}
