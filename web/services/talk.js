/** What is said in a room: its lines, those on their way, the history, and who is writing. */

import * as lines from "../domain/lines.js";
import { CHAT_LENGTH, lengthOf } from "../domain/limits.js";
import { Refused } from "../domain/refused.js";
import { NotUnderstood } from "../domain/wire.js";

const PAGE = 100;
const TYPING_LASTS = 10_000; // ms: another's typing lapses then
const TYPING_EVERY = 3_000; // ms

export class Talk {
  lines = [];
  hasOlder = false;
  #names = new Map(); // of everybody who was ever seen here, by public id
  #typing = new Map(); // until when, by public id
  #toldTyping = -Infinity;
  #loading = null;

  /** Everybody who is in the room is known by name, even after having left. */
  meet(members) {
    for (const { id, name } of members) this.#names.set(id, name);
  }

  nameOf = (id) => this.#names.get(id) ?? null;

  /** An event that has just come in. */
  hear(frame) {
    if (frame.type === "chat") this.#typing.delete(frame.userId);
    this.lines = lines.withLines(this.lines, understood(frame, this.nameOf));
  }

  // What one says oneself

  add(line) {
    this.lines = lines.withOwn(this.lines, line);
  }

  isOwn(ref) {
    return this.lines.some((line) => line.ref === ref);
  }

  arrived(ref, seq) {
    this.lines = lines.arrived(this.lines, ref, seq);
  }

  failed(ref, code) {
    this.lines = lines.failed(this.lines, ref, code);
  }

  tried(ref) {
    this.lines = lines.tried(this.lines, ref);
    return this.lines.find((line) => line.ref === ref && line.pending) ?? null;
  }

  drop(ref) {
    this.lines = lines.dropped(this.lines, ref);
  }

  // The history

  /** Those before the ones that are there; without any, the newest. `ask` reads the room's log. */
  loadOlder(ask) {
    const known = this.lines.filter(({ seq, kind }) => seq !== null && kind === "chat");
    return this.#load(ask, known.length ? { before: known[0].seq } : {});
  }

  /** What was said while one was too far away to be told. */
  loadNewest(ask) {
    return this.#load(ask, {});
  }

  async #load(ask, where) {
    this.#loading ??= this.#read(ask, where).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #read(ask, where) {
    const frames = await ask({ ...where, type: "chat", limit: PAGE });
    if (frames.some(({ userId }) => !this.#names.has(userId))) await this.#meetThoseWhoLeft(ask);
    const older = frames.flatMap((frame) => understood(frame, this.nameOf));
    this.lines = lines.withHistory(this.lines, older);
    this.hasOlder = frames.length === PAGE;
  }

  async #meetThoseWhoLeft(ask) {
    const left = await ask({ type: "user_left", limit: 200 });
    for (const { data } of left) {
      if (typeof data.name === "string" && !this.#names.has(data.id)) this.#names.set(data.id, data.name);
    }
  }

  // Who is writing

  hearTyping({ id, typing }, now) {
    if (typing === true && this.#names.has(id)) this.#typing.set(id, now + TYPING_LASTS);
    else this.#typing.delete(id);
  }

  /** Their public ids. */
  get typing() {
    return [...this.#typing.keys()];
  }

  /** Who has been silent for too long writes no more. Answers whether there was somebody. */
  lapse(now) {
    const late = [...this.#typing].filter(([, until]) => until <= now);
    for (const [id] of late) this.#typing.delete(id);
    return late.length > 0;
  }

  /** When the next of them lapses. */
  get due() {
    return Math.min(...this.#typing.values());
  }

  /** Whether the room is to be told that one is writing, or no more. */
  tellsTyping(isTyping, now) {
    const wasTold = now - this.#toldTyping < TYPING_LASTS;
    const isNews = isTyping ? now - this.#toldTyping >= TYPING_EVERY : wasTold;
    if (isNews) this.#toldTyping = isTyping ? now : -Infinity;
    return isNews;
  }
}

/** A line as the server takes it; throws `Refused`. */
export function cleaned(text) {
  const line = text.trim().replace(/\s+/g, " ");
  if (line === "") throw new Refused("empty", "There is nothing to say yet.");
  if (lengthOf(line) <= CHAT_LENGTH) return line;
  throw new Refused("too_long", `A line has at most ${CHAT_LENGTH} characters.`);
}

/** An event that cannot be shown is not worth an end of the talk. */
function understood(frame, nameOf) {
  try {
    return lines.linesOf(frame, nameOf);
  } catch (error) {
    if (error instanceof NotUnderstood) return [];
    throw error;
  }
}
