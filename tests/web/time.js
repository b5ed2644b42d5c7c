/** A clock that stands still until it is told to go on: time itself is the subject here. */
export class FakeTime {
  #now;
  #wallAhead;
  #deeds = [];

  constructor({ now = 1_000, wall = 1_700_000_000_000 } = {}) {
    this.#now = now;
    this.#wallAhead = wall - now;
  }

  now = () => this.#now;

  wall = () => this.#now + this.#wallAhead;

  after = (wait, deed) => {
    const planned = { at: this.#now + wait, deed };
    this.#deeds.push(planned);
    return () => {
      this.#deeds = this.#deeds.filter((one) => one !== planned);
    };
  };

  /** How many deeds are planned. */
  get planned() {
    return this.#deeds.length;
  }

  /** So many ms go by, and whatever is due is done when it is. */
  pass(duration) {
    const end = this.#now + duration;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#deeds = this.#deeds.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.deed();
    }
    this.#now = end;
  }

  /** The device sleeps: its own clock goes on, the steady one and all timers stand still. */
  sleep(duration) {
    this.#wallAhead += duration;
  }

  #next(end) {
    const due = this.#deeds.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
    return due[0];
  }
}
