/**
 * A player without a screen, as the session drives any other: it starts late, goes on sooner when
 * it only stood still, takes its time to jump, and can be made to stall. `now` is its clock, ms.
 */
export class VirtualPlayer {
  kind = "file";
  canFineTune = true;
  length = 3_600;
  refusal = null; // the error with which the next starts fail
  starts = 0;
  seeks = [];
  #now;
  #latency;
  #isPlaying = false;
  #isWarm = false; // it has played, and was not moved since
  #rate = 1;
  #position = 0; // at `#asOf`, from when on it moves if it plays
  #asOf;
  #stalledUntil = -Infinity;
  #state = null;

  constructor(now, { start = 70, resume = start, seek = 90 } = {}) {
    this.#now = now;
    this.#latency = { start, resume, seek };
    this.#asOf = now();
  }

  position() {
    this.#catchUp();
    return Math.min(this.#position, this.length);
  }

  duration() {
    return this.length;
  }

  rate() {
    return this.#rate;
  }

  isPlaying() {
    return this.#isPlaying && this.position() < this.length;
  }

  ahead() {
    return this.state() === "buffering" ? 0 : 30;
  }

  state() {
    if (this.#state) return this.#state;
    if (this.position() >= this.length) return "ended";
    return this.#now() < Math.max(this.#stalledUntil, this.#asOf) ? "buffering" : "ready";
  }

  async start() {
    this.starts += 1;
    if (this.refusal) throw this.refusal;
    this.#catchUp();
    if (!this.#isPlaying) this.#hold(this.#isWarm ? this.#latency.resume : this.#latency.start);
    this.#isPlaying = this.#isWarm = true;
  }

  stop() {
    this.#catchUp();
    this.#isPlaying = false;
  }

  seek(position) {
    this.#catchUp();
    this.seeks.push(position);
    this.#isWarm = false;
    this.#position = position;
    this.#hold(this.#latency.seek);
  }

  setRate(rate) {
    this.#catchUp();
    this.#rate = rate;
  }

  on() {}

  destroy() {}

  /** Run out of data for so long (ms). */
  stall(duration) {
    this.#catchUp();
    this.#stalledUntil = this.#now() + duration;
    this.#hold(duration);
  }

  /** Be in a state whatever happens; null: as it comes. */
  pretend(state) {
    this.#state = state;
  }

  #hold(wait) {
    this.#asOf = Math.max(this.#asOf, this.#now() + wait);
  }

  #catchUp() {
    const now = this.#now();
    if (now <= this.#asOf) return;
    if (this.#isPlaying) this.#position += ((now - this.#asOf) / 1000) * this.#rate;
    this.#asOf = now;
  }
}
