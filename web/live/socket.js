/**
 * A socket that comes back: connects, and connects again, for as long as its owner wants it.
 *
 * What a lost connection looks like differs: most are closed, some only fall silent (a lid, a
 * lift, a router that forgot us). So one that says nothing for too long counts as lost, too.
 *
 * @typedef {object} Owner
 * @property {() => void} opened
 * @property {(text: string) => void} received
 * @property {(closeCode: number) => number} closed answers after how many ms to connect again;
 *   Infinity: not any more
 * @property {() => void} changed of `state` and `retryAt`
 */

const HANDSHAKE = 10_000; // ms
// The clock asks every 15 s at least and is answered at once.
const LONGEST_SILENCE = 25_000; // ms
// A frozen page's timers may run before what has come in meanwhile is handed out.
const LATE_TIMER = 2_000; // ms
const LOST = 1006; // a close without a word, as browsers number it

export class Socket {
  /** @type {"idle"|"connecting"|"open"|"waiting"} */
  state = "idle";
  retryAt = null; // ms, by `time.now()`
  #url;
  #time;
  #owner;
  #WebSocket;
  #socket = null;
  #callOff = () => {};
  #watchUntil = Infinity;

  /** @param {{url: string, time: import("./time.js").Time, owner: Owner, WebSocket?: Function}} options */
  constructor({ url, time, owner, WebSocket = globalThis.WebSocket }) {
    this.#url = url;
    this.#time = time;
    this.#owner = owner;
    this.#WebSocket = WebSocket;
  }

  /** Connect now, whatever it was waiting for. One that stands, or is being made, is kept. */
  connect() {
    if (this.#socket) return;
    this.#callOff();
    const socket = new this.#WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#ifCurrent(socket, () => this.#open());
    socket.onmessage = ({ data }) => this.#ifCurrent(socket, () => this.#hear(data));
    socket.onclose = ({ code }) => this.#ifCurrent(socket, () => this.#lose(code));
    socket.onerror = () => {}; // a close follows, and says more
    this.#become("connecting");
    this.#watch(HANDSHAKE);
  }

  send(text) {
    if (this.state === "open") this.#socket.send(text);
  }

  /** Is it still there? Whatever comes in within `patience` (ms) says so, else it is given up. */
  probe(patience) {
    if (this.state === "open") this.#watch(patience);
  }

  /** This connection is of no more use. What follows is up to the owner, as with any other end. */
  hangUp() {
    if (this.#socket) this.#lose(LOST);
  }

  /** For good, until `connect`. */
  close() {
    this.#callOff();
    this.#drop();
    this.#become("idle");
  }

  #open() {
    this.#become("open");
    this.#watch(LONGEST_SILENCE);
    this.#owner.opened();
  }

  #hear(data) {
    this.#watch(LONGEST_SILENCE);
    if (typeof data === "string") this.#owner.received(data);
  }

  #lose(code) {
    this.#callOff();
    this.#drop();
    const wait = this.#owner.closed(code);
    if (wait === Infinity) return this.#become("idle");
    this.#callOff = this.#time.after(wait, () => this.connect());
    return this.#become("waiting", this.#time.now() + wait);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    // Closing one that is half open waits for an answer that never comes: nobody listens any more.
    socket?.close();
  }

  #watch(patience) {
    const until = this.#time.now() + patience;
    const isEarlier = until < this.#watchUntil;
    this.#watchUntil = until;
    if (isEarlier) this.#look(patience); // else the look that is planned finds the new deadline
  }

  #look(wait) {
    this.#callOff();
    const due = this.#time.now() + wait;
    this.#callOff = this.#time.after(wait, () => this.#judge(due));
  }

  #judge(due) {
    const now = this.#time.now();
    const isLate = now - due > LATE_TIMER;
    if (isLate) this.#watchUntil = Math.max(this.#watchUntil, now + LATE_TIMER);
    if (now < this.#watchUntil) return this.#look(this.#watchUntil - now);
    return this.hangUp();
  }

  #become(state, retryAt = null) {
    if (state !== "connecting" && state !== "open") this.#watchUntil = Infinity;
    this.state = state;
    this.retryAt = retryAt;
    this.#owner.changed();
  }

  #ifCurrent(socket, deed) {
    if (socket === this.#socket) deed();
  }
}
