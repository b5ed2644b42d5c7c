/** One timer for all that becomes due: it asks each time when to come again. */
export class Ticker {
  #time;
  #beat;
  #callOff = () => {};
  #isRunning = false;

  /** `beat`: does what is due, answers after how many ms to call it again (Infinity: not). */
  constructor(time, beat) {
    this.#time = time;
    this.#beat = beat;
  }

  start() {
    this.#isRunning = true;
    this.wake();
  }

  /** Something has happened: look now. */
  wake() {
    if (!this.#isRunning) return;
    this.#callOff();
    this.#sleep(this.#beat());
  }

  stop() {
    this.#isRunning = false;
    this.#callOff();
  }

  #sleep(wait) {
    this.#callOff(); // the beat itself may have woken us
    if (!this.#isRunning || wait === Infinity) return;
    this.#callOff = this.#time.after(Math.max(0, wait), () => this.wake());
  }
}
