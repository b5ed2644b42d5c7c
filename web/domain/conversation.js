/**
 * What a member says and hears, from connection to connection: the twin of the Python client's
 * `session.py`. No sockets, no clock: `now` is an argument (ms, any steady clock).
 *
 * Feed it what happens (`opened`, `received`, `closed`, `tick`), send what `outgoing` hands out.
 *
 * @typedef {{kind: "joined", resumed: boolean}} Joined
 * @typedef {{kind: "happened", frame: import("./wire.js").Frame,
 *   before: import("./room.js").Room}} Happened `before`: the room as it was
 * @typedef {{kind: "answered", ref: string, seq: number|null,
 *   error: {code: string, message: string}|null}} Answered
 * @typedef {{kind: "refused", code: string, message: string}} Told an error that answers no command
 */

import { Clock, waitAfter } from "./clock.js";
import { Commands } from "./commands.js";
import { isFinal, finalReason, Waits } from "./returning.js";
import { follow, fromSnapshot, Gap, passed } from "./room.js";
import { decode, encode, NotUnderstood, readAck, readError, readStamps } from "./wire.js";

const PROTOCOL = 2;
const QUESTIONS_KEPT = 16;

export class Conversation {
  /** @type {import("./room.js").Room|null} */
  room = null;
  clock = new Clock();
  isJoined = false;
  hangsUp = false; // this connection is of no more use: we are refused, for now or for good
  #seat;
  #dice;
  #commands;
  #waits;
  #outgoing = [];
  #questions = [];
  #asked = 0;
  #nextQuestion = Infinity;
  #joinedAt = null;
  #retryAfter = 0;
  #over = null;
  #mending = false;

  /** @param {{key: string, name: string, password?: string}} seat @param {() => number} dice */
  constructor(seat, dice) {
    this.#seat = seat;
    this.#dice = dice;
    this.#commands = new Commands(dice);
    this.#waits = new Waits(dice);
  }

  // What we want to say

  /** To be done once, however often it has to be said: {id, type, data, until?}. */
  command(command) {
    this.#commands.add(command);
  }

  /** Say the command no more. It may have been done all the same. */
  forget(id) {
    this.#commands.settle(id);
  }

  /** What may be lost: `typing`, `status`. Out of the room it is not even tried. */
  say(type, data) {
    if (this.isJoined) this.#outgoing.push(encode(type, data));
  }

  /** What is to be sent now, in order. */
  outgoing() {
    return this.#outgoing.splice(0);
  }

  /** The local clock has slept, or somebody came back to the page: ask for the time at once. */
  askAgain(now, { forget = false } = {}) {
    if (forget) this.clock = new Clock();
    this.#asked = 0;
    if (this.#nextQuestion !== Infinity) this.#nextQuestion = now;
  }

  // What happens

  /** A connection stands: join, and ask for the time. */
  opened(now) {
    this.#outgoing = [];
    this.#questions = [];
    this.#asked = 0;
    this.#nextQuestion = now;
    this.hangsUp = false;
    this.#join();
  }

  /** Say what has become due. Call it right before sending: it stamps the questions.
   * @returns {Answered[]} the commands that are given up */
  tick(now) {
    const late = this.#commands.expired(now);
    if (now >= this.#nextQuestion) this.#ask(now);
    if (this.isJoined) for (const command of this.#commands.take(now)) this.#sayCommand(command);
    return late.map((ref) => answered(ref, { error: TOO_LATE }));
  }

  /** The instant of the next `tick`. */
  due(now) {
    return Math.min(this.#nextQuestion, this.#commands.due(now));
  }

  /** What a frame means; `now` as near as possible to when it came in. */
  received(bytes, now) {
    try {
      return this.#hear(decode(bytes), now);
    } catch (error) {
      if (error instanceof NotUnderstood) return [];
      throw error;
    }
  }

  /** The connection is gone, or did not come about: {wait} in ms, or {ended: {code, message}}. */
  closed(now, closeCode) {
    const lasted = this.#joinedAt === null ? 0 : now - this.#joinedAt;
    const wish = this.#retryAfter * 1000;
    this.isJoined = this.hangsUp = this.#mending = false;
    this.#joinedAt = null;
    this.#nextQuestion = Infinity;
    this.#retryAfter = 0;
    this.#commands.connectionLost();
    const code = finalReason(closeCode);
    const ended = this.#over ?? (code && { code, message: "" });
    this.#over = null;
    return ended ? { ended } : { wait: this.#waits.next({ lasted, wish }) };
  }

  #hear(frame, now) {
    switch (frame.type) {
      case "time":
        this.#takeTime(readStamps(frame.data), now);
        return [];
      case "room_update":
        return this.#takeRoom(frame, now);
      case "resumed":
        return this.#enter(now, true);
      case "ack":
        return this.#answer(readAck(frame.data));
      case "error":
        return this.#hearError(readError(frame.data), now);
      default:
        return this.#hearEvent(frame);
    }
  }

  #takeRoom(frame, now) {
    const before = this.room;
    this.room = fromSnapshot(frame.data, before?.statuses);
    return [...this.#enter(now, false), { kind: "happened", frame, before }];
  }

  #enter(now, resumed) {
    this.#mending = false;
    if (this.isJoined) return [];
    this.isJoined = true;
    this.#joinedAt = now;
    return [{ kind: "joined", resumed }];
  }

  #hearEvent(frame) {
    const before = this.room;
    if (before === null) return [];
    try {
      this.room = follow(before, frame);
    } catch (error) {
      if (error instanceof Gap) return this.#mend();
      if (!(error instanceof NotUnderstood)) throw error;
      this.room = passed(before, frame);
      return [];
    }
    const isNew = frame.seq === null || frame.seq > before.seq;
    return isNew ? [{ kind: "happened", frame, before }] : [];
  }

  /** Something is missing: ask for the room, on this connection. */
  #mend() {
    if (!this.#mending) this.#join();
    this.#mending = true;
    return [];
  }

  #hearError({ error: message, code, retryable, retryAfter, ref }, now) {
    const error = { code, message };
    if (ref !== null && !retryable) return this.#answer({ ref, error });
    if (retryable) this.#commands.putOff({ ref, retryAfter }, now);
    if (ref !== null) return [];
    this.#retryAfter = retryAfter;
    const isTurnedAway = !this.isJoined;
    if (isFinal(code) || (isTurnedAway && !retryable)) this.#over = error;
    this.hangsUp = isTurnedAway || this.#over !== null;
    return this.hangsUp || retryable ? [] : [{ kind: "refused", ...error }];
  }

  #answer({ ref, seq = null, error = null }) {
    return this.#commands.settle(ref) ? [answered(ref, { seq, error })] : [];
  }

  #join() {
    const { key, name: userName, password } = this.#seat;
    const known = this.room && { lastSeq: this.room.seq, epoch: this.room.epoch };
    const data = { userName, protocol: PROTOCOL, password: password || undefined, ...known };
    this.#outgoing.push(encode("join", data, { key }));
  }

  #sayCommand({ id, type, data }) {
    this.#outgoing.push(encode(type, data, { id }));
  }

  #ask(now) {
    this.#outgoing.push(encode("time", { t0: now }));
    this.#questions = [...this.#questions, now].slice(-QUESTIONS_KEPT);
    this.#asked += 1;
    this.#nextQuestion = now + waitAfter(this.#asked, this.#dice());
  }

  #takeTime({ t0, t1, t2 }, now) {
    if (!this.#questions.includes(t0)) return;
    this.#questions = this.#questions.filter((asked) => asked !== t0);
    this.clock.take({ t0, t1, t2, t3: now });
  }
}

const TOO_LATE = Object.freeze({
  code: "timeout",
  message: "The server did not answer in time. Look at the room, then try again.",
});

function answered(ref, { seq = null, error = null }) {
  return { kind: "answered", ref, seq, error };
}
