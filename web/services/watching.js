/** The player that is attached, driven after the room's timeline, and what is told of it. */

import { Follower } from "./follow.js";
import { Reporter } from "./report.js";

export class Watching {
  /** @type {Follower|null} */
  follower = null;
  #player = null;
  #reporter = new Reporter();
  #timeline = null; // at the last look
  #nextLook = -Infinity;

  attach(player) {
    this.#player = player;
    this.follower = new Follower(player);
    this.#reporter.startOver();
    this.#nextLook = -Infinity;
  }

  detach() {
    this.#player = this.follower = null;
  }

  /** The room watches something else, or is no more: what plays here is not its video. */
  letGo() {
    this.#player?.stop();
    this.detach();
  }

  /** To a new connection nothing has been told of the player yet. */
  reconnected() {
    this.#reporter.startOver();
  }

  /** Somebody is back at the page: the right frame, at once. */
  returned() {
    this.follower?.startOver();
    this.#nextLook = -Infinity;
  }

  unblock() {
    this.follower?.unblock();
    this.#nextLook = -Infinity;
  }

  /**
   * Keep in step. Answers after how many ms to look again; sooner than that only another timeline
   * is worth a look: two readings in a row must not be one and the same.
   */
  look(room, clock, now) {
    if (!this.follower || !room || !clock.isSet) return Infinity;
    if (room.timeline === this.#timeline && now < this.#nextLook) return this.#nextLook - now;
    this.#timeline = room.timeline;
    const wait = this.follower.look(room.timeline, clock.serverTime(now), now);
    this.#nextLook = now + wait;
    return wait;
  }

  /** The `data` of a `status`, or null: nothing to tell. */
  report(isHidden, now) {
    return this.follower && this.#reporter.report(this.follower, isHidden, now);
  }
}
