import { byId, setAttribute } from "../dom.js";

const STEP = 0.1;

/** How loud it is, for this viewer, here and the next time. */
export class Volume {
  #parts;
  #button = byId("mute");
  #slider = byId("volume");

  /** @param {{screen, preferences, texts, icons}} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#button.addEventListener("click", () => this.toggle());
    this.#slider.addEventListener("input", () => this.#set(Number(this.#slider.value) / 100));
  }

  toggle() {
    const { sound } = this.#parts.screen.player ?? {};
    if (!sound) return;
    const isMuted = !sound.isMuted();
    sound.setMuted(isMuted);
    this.#parts.preferences.set("muted", isMuted);
  }

  turn(direction) {
    const volume = this.#parts.screen.player?.sound.volume();
    if (volume !== undefined) this.#set(Math.min(1, Math.max(0, volume + direction * STEP)));
  }

  render() {
    const { screen, preferences, texts, icons } = this.#parts;
    const sound = screen.player?.sound;
    const isMuted = sound?.isMuted() ?? preferences.get("muted");
    const volume = sound?.volume() ?? preferences.get("volume");
    icons.change(this.#button, isMuted || volume === 0 ? "muted" : "volume");
    setAttribute(this.#button, "aria-label", texts.say(isMuted ? "unmute" : "mute"));
    const shown = isMuted ? 0 : volume;
    if (document.activeElement !== this.#slider || isMuted) this.#slider.value = String(Math.round(shown * 100));
    this.#slider.style.setProperty("--filled", shown.toFixed(2));
  }

  #set(volume) {
    const { screen, preferences } = this.#parts;
    screen.player?.sound.setVolume(volume);
    screen.player?.sound.setMuted(volume === 0);
    preferences.set("volume", volume);
    preferences.set("muted", volume === 0);
    this.render();
  }
}
