/** The conversation with the server, over one socket after the other, through sleep and tunnels. */

import { Conversation } from "../domain/conversation.js";
import { Socket } from "../live/socket.js";

const IS_IT_THERE = 3_000; // ms
const SLEPT = 250; // ms that the steady clock stood still while the device's went on

export class Link {
  /** Why there is no way back: {code, message}; null while there is one. */
  ended = null;
  isOffline = false;
  #time;
  #owner;
  #socket;
  #conversation;
  #lastSeen;

  /**
   * @param {{url: string, seat: object, time: import("../live/time.js").Time, dice: () => number,
   *   WebSocket?: Function, owner: {heard: (happenings: object[]) => void, changed: () => void}}} options
   */
  constructor({ url, seat, time, dice, WebSocket, owner }) {
    this.#time = time;
    this.#owner = owner;
    this.#conversation = new Conversation(seat, dice);
    this.#socket = new Socket({ url, time, WebSocket, owner: this.#socketOwner() });
    this.#lastSeen = { now: time.now(), wall: time.wall() };
  }

  get room() {
    return this.#conversation.room;
  }

  get clock() {
    return this.#conversation.clock;
  }

  get isJoined() {
    return this.#conversation.isJoined;
  }

  /** For people: where it is; `retryAt` is by `Date.now()`. */
  get view() {
    if (this.ended) return { state: "ended", retryAt: null, reason: this.ended };
    if (this.isJoined) return { state: "open", retryAt: null, reason: null };
    const { state, retryAt } = this.#socket;
    if (state !== "waiting") return { state: "connecting", retryAt: null, reason: null };
    const at = Math.round(this.#time.wall() + retryAt - this.#time.now());
    return { state: this.isOffline ? "offline" : "waiting", retryAt: at, reason: null };
  }

  connect() {
    this.ended = null;
    this.#socket.connect();
  }

  close() {
    this.#socket.close();
    this.#conversation.closed(this.#time.now());
  }

  /** For good, unless `connect` is called. */
  end(reason) {
    this.ended = reason;
    this.close();
    this.#owner.changed();
  }

  command(command) {
    this.#conversation.command(command);
  }

  forget(id) {
    this.#conversation.forget(id);
  }

  say(type, data) {
    this.#conversation.say(type, data);
  }

  /** Say what is due. Answers after how many ms something will be. */
  beat() {
    this.#noticeSleep();
    const now = this.#time.now();
    const givenUp = this.#conversation.tick(now);
    this.flush();
    if (givenUp.length) this.#owner.heard(givenUp);
    return this.#conversation.due(now) - now;
  }

  flush() {
    for (const text of this.#conversation.outgoing()) this.#socket.send(text);
  }

  /** Somebody is back, or the network is: what is known of link and time may not be true any more. */
  lookAgain() {
    if (this.ended) return;
    this.#noticeSleep();
    this.#socket.connect();
    this.#socket.probe(IS_IT_THERE);
    this.#conversation.askAgain(this.#time.now());
  }

  /** A steady clock may stand still while the device sleeps: its offset is then another one. */
  #noticeSleep() {
    const [now, wall] = [this.#time.now(), this.#time.wall()];
    const stood = wall - this.#lastSeen.wall - (now - this.#lastSeen.now);
    this.#lastSeen = { now, wall };
    if (stood > SLEPT) this.#conversation.askAgain(now, { forget: true });
  }

  #socketOwner() {
    return {
      opened: () => {
        this.#conversation.opened(this.#time.now());
        this.#owner.changed();
      },
      received: (text) => this.#hear(text, this.#time.now()),
      closed: (code) => this.#lose(code),
      changed: () => this.#owner.changed(),
    };
  }

  #hear(text, now) {
    const happenings = this.#conversation.received(text, now);
    this.#owner.heard(happenings);
    if (this.#conversation.hangsUp) this.#socket.hangUp();
  }

  #lose(code) {
    const { wait = Infinity, ended = null } = this.#conversation.closed(this.#time.now(), code);
    this.ended = ended;
    return wait;
  }
}
