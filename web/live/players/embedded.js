import { createEmitter } from "./emitter.js";
import { createReckoning } from "./reckoning.js";
import { Sound } from "./sound.js";

/**
 * A foreign page in a frame, which takes orders and reports what it does: what YouTube and Vimeo
 * have in common. `orders` are the frame's own: play, pause, seek, setRate, setVolume, setMuted,
 * destroy.
 */
export class EmbeddedPlayer {
  element = null;
  canFineTune = false;
  failure = null;
  subtitles = null;
  #orders;
  #emitter = createEmitter();
  #reckoning = createReckoning();
  #facts = { state: "loading", playing: false, duration: null, rate: 1, buffered: 0, rates: null, title: null };
  #wanted = false;
  #starting = null; // how a start that is under way will end

  constructor(kind, orders) {
    this.kind = kind;
    this.#orders = orders;
    this.sound = new Sound(orders, () => this.#emitter.emit("change"));
  }

  on(event, listener) {
    return this.#emitter.on(event, listener);
  }

  start() {
    this.#wanted = true;
    this.#settle("resolve");
    if (this.#facts.playing) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
      this.#orders.play();
    });
  }

  /** To be called by a tap or a key: browsers allow sound then. */
  allow() {
    this.sound.restore();
    if (this.#facts.state === "blocked") this.know({ state: "ready" });
    if (this.#wanted) this.#orders.play();
  }

  stop() {
    this.#wanted = false;
    this.#settle("resolve");
    this.#orders.pause();
  }

  seek(position) {
    this.#reckoning.set({ position });
    this.#orders.seek(position);
  }

  setRate(rate) {
    this.#orders.setRate(nearest(this.#facts.rates, rate));
  }

  position() {
    return this.#reckoning.position();
  }

  duration() {
    return this.#facts.duration;
  }

  rate() {
    return this.#facts.rate;
  }

  /** As its owner called it, once that is known. */
  get title() {
    return this.#facts.title;
  }

  isPlaying() {
    return this.#facts.playing;
  }

  buffered() {
    return this.#facts.buffered > 0 ? [[0, this.#facts.buffered]] : [];
  }

  ahead() {
    return Math.max(0, this.#facts.buffered - this.position());
  }

  state() {
    return this.#facts.state;
  }

  rates() {
    return this.#facts.rates;
  }

  qualities() {
    return [];
  }

  quality() {
    return null;
  }

  setQuality() {}

  destroy() {
    this.#settle("resolve");
    this.#emitter.clear();
    this.#orders.destroy();
  }

  /** What the frame tells of itself. */
  know(change) {
    Object.assign(this.#facts, change);
    this.#reckoning.set({ moving: this.#facts.playing, rate: this.#facts.rate });
    if (this.#facts.playing) this.#settle("resolve");
    this.#emitter.emit("change");
  }

  report(position) {
    this.#reckoning.report(position);
  }

  /** The browser did not let it start: once more without sound, then it takes a gesture. */
  refused() {
    if (!this.sound.isMuted()) {
      this.sound.silence();
      this.#orders.play();
      return;
    }
    this.know({ state: "blocked", playing: false });
    this.#settle("reject", new DOMException("It takes a gesture", "NotAllowedError"));
  }

  fail(code, message = "") {
    this.failure = { code, message };
    this.#settle("resolve");
    this.know({ state: "failed", playing: false });
    this.#emitter.emit("failed", this.failure);
  }

  #settle(how, value) {
    const starting = this.#starting;
    this.#starting = null;
    starting?.[how](value);
  }
}

/** The rate that the frame offers and that is nearest to the one that is wanted. */
export function nearest(rates, wanted) {
  if (!rates?.length) return wanted;
  const nearer = (best, rate) => (Math.abs(rate - wanted) < Math.abs(best - wanted) ? rate : best);
  return rates.reduce(nearer);
}
