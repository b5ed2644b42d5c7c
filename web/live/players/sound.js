/**
 * The viewer's own sound. `isSilenced`: the browser wanted it silent before it would start, which
 * is not what the viewer chose.
 */
export class Sound {
  #orders;
  #changed;
  #volume = 1;
  #muted = false;
  #silenced = false;

  /** @param {{setVolume(volume: number): void, setMuted(muted: boolean): void}} orders */
  constructor(orders, changed) {
    this.#orders = orders;
    this.#changed = changed;
  }

  volume() {
    return this.#volume;
  }

  isMuted() {
    return this.#muted || this.#silenced;
  }

  isSilenced() {
    return this.#silenced && !this.#muted;
  }

  setVolume(volume) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#orders.setVolume(this.#volume);
    this.#changed();
  }

  setMuted(muted) {
    this.#muted = muted;
    if (!muted) this.#silenced = false;
    this.#apply();
  }

  silence() {
    this.#silenced = true;
    this.#apply();
  }

  restore() {
    this.#silenced = false;
    this.#apply();
  }

  #apply() {
    this.#orders.setMuted(this.isMuted());
    this.#changed();
  }
}
