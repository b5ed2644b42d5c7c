/**
 * A stay in a room: what happens there is taken in, what is due is done. `session.js` is the face
 * that it has for the page.
 */

import { Refused } from "../domain/refused.js";
import { Ticker } from "../live/ticker.js";
import { Answers } from "./answers.js";
import { Link } from "./link.js";
import { Talk } from "./talk.js";
import { Watching } from "./watching.js";

const PATIENCE = 10_000; // ms: nobody wants the video to start by a press from long ago
const OLD_REACTION = 5_000; // ms

export class Stay {
  talk = new Talk();
  watching = new Watching();
  /** The last refusal: {code, message, at}. */
  error = null;
  #time;
  #attention;
  #readLog;
  #unsent;
  #owner;
  #answers = new Answers();
  #ticker;
  #stopAttending;

  /**
   * `readLog(query)` asks for the room's messages; `unsent`: {keep(line), drop(id)};
   * `owner`: {changed(), beaten(), reacted(frame)}
   */
  constructor({ link, time, attention, readLog, unsent, owner }) {
    this.#time = time;
    this.#attention = attention;
    this.#readLog = readLog;
    this.#unsent = unsent;
    this.#owner = owner;
    const listener = { heard: (all) => this.#hear(all), changed: () => this.#noticeLink() };
    this.link = new Link({ ...link, time, owner: listener });
    this.#ticker = new Ticker(time, () => this.#beat());
    this.#stopAttending = attention.subscribe((what) => this.#attend(what));
  }

  start() {
    this.link.isOffline = this.#attention.isOffline();
    this.link.connect();
    this.#ticker.start();
  }

  /** For good: {code, message} says why. */
  end(reason) {
    this.link.end(reason);
  }

  close() {
    this.#stopAttending();
    this.#ticker.stop();
    this.link.close();
    this.#answers.refuseAll(new Refused("closed", "The page has left the room."));
  }

  /** Something was done from outside: look at once. */
  wake() {
    this.#ticker.wake();
    this.#owner.changed();
  }

  /** To be done once. Resolves to {seq}, or rejects with a `Refused`. */
  command({ id, type, data, until = this.#time.now() + PATIENCE }) {
    const { ended } = this.link;
    if (ended) return Promise.reject(new Refused(ended.code, ended.message));
    this.link.command({ id, type, data, until });
    const answer = this.#answers.wait(id);
    this.#ticker.wake(); // it goes out at once; there is nothing to see of it before its event
    return answer;
  }

  /** A line of chat: it is kept until it has arrived, through reconnects and reloads. */
  say({ id, text, at }, { by, name, position }) {
    this.#unsent.keep({ id, text, at });
    this.talk.add({ ref: id, text, by, name, at, position });
    this.#owner.changed();
    return this.command({ id, type: "chat", data: { text }, until: Infinity });
  }

  forget(id) {
    this.link.forget(id);
    this.#unsent.drop(id);
  }

  // What happens

  #beat() {
    if (this.link.ended) return Infinity;
    const due = this.link.beat();
    const now = this.#time.now();
    const look = this.watching.look(this.link.room, this.link.clock, now);
    const report = this.link.isJoined && this.watching.report(this.#attention.isHidden(), now);
    if (report) this.link.say("status", report);
    this.link.flush();
    if (this.talk.lapse(now)) this.#owner.changed();
    this.#owner.beaten();
    return Math.min(due, look, this.talk.due - now);
  }

  #attend(what) {
    this.link.isOffline = this.#attention.isOffline();
    if (what === "back") this.watching.returned();
    if (what === "back" || what === "online") this.link.lookAgain();
    this.wake();
  }

  #noticeLink() {
    if (this.link.ended) {
      this.watching.letGo();
      this.#answers.refuseAll(new Refused(this.link.ended.code, this.link.ended.message));
    }
    this.wake();
  }

  #hear(happenings) {
    for (const happening of happenings) this.#take(happening);
    if (happenings.length) this.#owner.changed();
    this.#ticker.wake();
  }

  #take(happening) {
    switch (happening.kind) {
      case "joined":
        this.watching.reconnected();
        if (!happening.resumed) this.#readNewest();
        break;
      case "happened":
        this.#witness(happening);
        break;
      case "answered":
        this.#settle(happening);
        break;
      default:
        this.#complain(happening);
    }
  }

  #witness({ frame, before }) {
    const { room } = this.link;
    this.talk.meet(room.members);
    if (before && before.video.url !== room.video.url) this.watching.letGo();
    if (frame.type === "typing") this.talk.hearTyping(frame.data, this.#time.now());
    else if (frame.type === "reaction") this.#react(frame);
    else this.talk.hear(frame);
  }

  /** Those of a while ago, which a resumed connection tells, would rain down all at once. */
  #react(frame) {
    const { clock } = this.link;
    const age = clock.serverTime(this.#time.now()) - Date.parse(frame.timestamp);
    if (!clock.isSet || age < OLD_REACTION) this.#owner.reacted(frame);
  }

  #settle({ ref, seq, error }) {
    if (this.talk.isOwn(ref)) this.#unsent.drop(ref);
    if (error) {
      this.talk.failed(ref, error.code);
      this.#answers.refuse(ref, new Refused(error.code, error.message));
      this.#complain(error);
    } else {
      this.talk.arrived(ref, seq);
      this.#answers.accept(ref, seq);
    }
  }

  #complain({ code, message }) {
    this.error = { code, message, at: this.#time.wall() };
  }

  /** The chat is worth having, but not worth an error: it can be asked for again. */
  async #readNewest() {
    try {
      await this.talk.loadNewest(this.#readLog);
      this.#owner.changed();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
}
