/**
 * Keeps a player where the room is: the twin of the Python client's `follower.py`, for players that
 * may be refused, load, end and fail.
 *
 * It looks at what is (the timeline, the time, the player), never at what has just been said: so
 * whatever was missed, said twice or came late, the next look puts it right.
 */

import { Controller } from "../domain/drift.js";
import { COARSE, SEEK_ONLY, VIDEO } from "../domain/profiles.js";
import { isMovingAt, positionAt } from "../domain/timeline.js";

export const LOOK_EVERY = 100; // ms
const NEAR_ENOUGH = 0.05; // s: from here a start needs no jump first
const START_AGAIN = 1_000; // ms: a player that does not start is asked again, but not in a flurry
const START_PENDING = 5_000; // ms: … and one that has not said yet how it went, even later
const JUMP_TIME = 1_500; // ms: so long it may load after a jump before that counts as a stall
const STALL = 300; // ms: a shorter one is over before anybody could wait for it
const RARE = 600; // ms between two looks (a hidden tab): too seldom to steer by the rate
const ENDING = 0.05; // s
const ERRORS_KEPT = 5;

export class Follower {
  /** Whether the browser wants a gesture before it lets the player start. */
  isRefused = false;
  isAtEnd = false;
  isAwaitingStart = false; // the room starts in a moment
  #player;
  #controller;
  #profile;
  #timeline = null;
  #lookedAt = null;
  #startedAt = -Infinity;
  #deedAt = -Infinity;
  #stalledSince = null;
  #starting = null;
  #errors = [];
  #startKind = "start"; // after a jump, and at first; what only stood still will "resume"

  constructor(player, controller) {
    this.#player = player;
    this.#profile = profileOf(player);
    this.#controller = controller ?? new Controller(this.#profile);
  }

  /** Do what is needed now. Answers how many milliseconds later to look again. */
  look(timeline, serverNow, now) {
    const isTold = timeline !== this.#timeline;
    this.#timeline = timeline;
    this.isAtEnd = this.#isOver(positionAt(timeline, serverNow));
    this.isAwaitingStart = timeline.playing && !isMovingAt(timeline, serverNow);
    this.#noticeStall(now);
    this.#suitProfile(now);
    if (this.#canBeDriven()) this.#drive(timeline, serverNow, now, isTold);
    else this.#errors = [];
    return this.#nextLook(timeline, serverNow);
  }

  /** Somebody is back, or the clock was wrong: what was true before is not gone by. */
  startOver() {
    this.#timeline = null;
    this.#startedAt = -Infinity;
    this.#errors = [];
  }

  /** A gesture has happened: what was refused may now be let. */
  unblock() {
    this.isRefused = false;
    this.startOver();
  }

  /** ms that the player is ahead of the room, of the last readings the middle one; null: none. */
  get error() {
    const sorted = [...this.#errors].sort((one, other) => one - other);
    return sorted.length ? sorted[Math.floor(sorted.length / 2)] : null;
  }

  get rate() {
    return this.#player.rate();
  }

  get position() {
    return this.#player.position();
  }

  /** Whether it is as near as a player of its kind comes. */
  isInStep(frame) {
    const { correctBeyond, seekBeyond } = this.#profile;
    const tolerated = Math.max(frame, Math.min(correctBeyond, seekBeyond));
    return this.error !== null && Math.abs(this.error) <= tolerated;
  }

  /** @returns {"ready"|"blocked"|"buffering"} as the room is told */
  state(now) {
    const state = this.#player.state();
    if (this.isRefused || state === "blocked" || state === "failed") return "blocked";
    return state === "loading" || this.#stateAt(now) === "buffering" ? "buffering" : "ready";
  }

  get #startCost() {
    return this.#controller.cost(this.#startKind);
  }

  #canBeDriven() {
    const state = this.#player.state();
    return state !== "loading" && state !== "failed" && !this.isAtEnd;
  }

  /** The video has an end, the timeline has none. */
  #isOver(position) {
    const duration = this.#player.duration();
    return duration !== null && duration > 0 && position >= duration - ENDING;
  }

  #drive(timeline, serverNow, now, isTold) {
    const isTime = isMovingAt(timeline, serverNow + this.#startCost);
    if (!isTime) this.#hold();
    else if (!this.#player.isPlaying()) this.#start(timeline, serverNow, now, isTold);
    else if (isTold) this.#goOn(timeline, serverNow, now);
    const isMoving = this.#player.isPlaying();
    if (isMoving) this.isRefused = false;
    // One that does not do yet what it was told (a frame of another site) cannot be corrected.
    if (isMoving === isTime) this.#correct(timeline, serverNow, now);
  }

  #hold() {
    if (this.#player.isPlaying() || this.#starting) this.#player.stop();
    this.#starting = null;
    this.#startedAt = -Infinity;
  }

  #start(timeline, serverNow, now, isTold) {
    if (this.isRefused || (!isTold && !this.#mayAskAgain(now))) return;
    const soon = serverNow + this.#startCost;
    this.#setRate(timeline.rate);
    const off = Math.abs(this.#player.position() - positionAt(timeline, soon));
    if (off <= NEAR_ENOUGH * timeline.rate) this.#controller.told(this.#startKind, now);
    else this.#jump(timeline, serverNow, now);
    this.#startedAt = this.#deedAt = now;
    this.#askToStart();
  }

  /** One that was asked, and loads, will come; to jump again would only make it load anew. */
  #mayAskAgain(now) {
    const wasAsked = this.#startedAt !== -Infinity;
    const isLoading = wasAsked && this.#player.state() === "buffering";
    const patience = this.#starting ? START_PENDING : START_AGAIN;
    return !isLoading && now - this.#startedAt >= patience;
  }

  #askToStart() {
    const starting = this.#player.start();
    this.#starting = starting;
    const isOver = () => {
      if (this.#starting === starting) this.#starting = null;
    };
    starting.then(isOver, (error) => {
      if (this.#starting === starting && error?.name === "NotAllowedError") this.isRefused = true;
      isOver();
    });
  }

  /** The room has jumped, or turned its rate, under a player that moves. */
  #goOn(timeline, serverNow, now) {
    this.#setRate(timeline.rate);
    if (Math.abs(this.#errorAt(timeline, serverNow)) > NEAR_ENOUGH * 1000) {
      this.#jump(timeline, serverNow, now);
    }
  }

  #jump(timeline, serverNow, now) {
    this.#seek(positionAt(timeline, serverNow + this.#controller.cost("seek")), now);
    this.#controller.told("seek", now);
  }

  #seek(position, now) {
    this.#deedAt = now;
    this.#errors = [];
    this.#startKind = "start";
    this.#player.seek(position);
  }

  #setRate(rate) {
    if (this.#player.rate() !== rate) this.#player.setRate(rate);
  }

  #correct(timeline, serverNow, now) {
    const reading = this.#reading(timeline, serverNow, now);
    this.#remember(reading, timeline, serverNow);
    const action = this.#controller.correct(reading);
    if (action.type === "seek") this.#seek(action.position, now);
    if (action.type === "rate") this.#player.setRate(action.rate);
  }

  #reading(timeline, serverNow, now) {
    return {
      now,
      position: this.#player.position(),
      target: positionAt(timeline, serverNow),
      playing: this.#player.isPlaying(),
      roomRate: timeline.rate,
      rate: this.#player.rate(),
      state: this.#stateAt(now),
      ahead: this.#player.ahead(),
      canSeek: true,
    };
  }

  #remember(reading, timeline, serverNow) {
    if (!isMovingAt(timeline, serverNow)) {
      this.#errors = [];
    } else if (reading.state === "ready") {
      this.#startKind = "resume";
      this.#errors = [...this.#errors, this.#errorAt(timeline, serverNow)].slice(-ERRORS_KEPT);
    }
  }

  #errorAt(timeline, serverNow) {
    const off = this.#player.position() - positionAt(timeline, serverNow);
    return (off / timeline.rate) * 1000;
  }

  /** As the controller sees it: loading because of a jump is not a stall. */
  #stateAt(now) {
    const isSettling = now - this.#deedAt < JUMP_TIME;
    if (this.#player.state() !== "buffering") return this.#starting && isSettling ? "busy" : "ready";
    const isNew = now - (this.#stalledSince ?? now) < STALL;
    return isSettling || isNew ? "busy" : "buffering";
  }

  #noticeStall(now) {
    const isStalled = this.#player.state() === "buffering";
    this.#stalledSince = isStalled ? (this.#stalledSince ?? now) : null;
  }

  #suitProfile(now) {
    const isRare = this.#lookedAt !== null && now - this.#lookedAt > RARE;
    this.#controller.profile = isRare ? SEEK_ONLY : this.#profile;
    this.#lookedAt = now;
  }

  #nextLook(timeline, serverNow) {
    const start = timeline.at - this.#startCost - serverNow;
    return timeline.playing && start > 0 && start < LOOK_EVERY ? start : LOOK_EVERY;
  }
}

function profileOf(player) {
  if (player.canFineTune) return VIDEO;
  return player.kind === "youtube" ? COARSE : SEEK_ONLY;
}
