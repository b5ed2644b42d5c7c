import { looksLikeSubtitles } from "../../live/players/subtitles.js";
import { byId, setText, show } from "../dom.js";
import { Menu } from "./menu.js";

const LARGEST = 5_000_000; // bytes: the longest films have a tenth of that
const PATIENCE = 15_000; // ms

/** Subtitles are each viewer's own: from an address, or from a file that never leaves here. */
export class Captions {
  #parts;
  #menu = new Menu(byId("subtitles"), byId("subtitles-choices"));
  #fault = byId("subtitles-fault");

  /** @param {{screen, texts, announce: (text: string) => void}} parts */
  constructor(parts) {
    this.#parts = parts;
    byId("subtitles-choices").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#load(() => fetched(byId("subtitles-address").value.trim()));
    });
    byId("subtitles-file").addEventListener("change", ({ target }) => {
      const [file] = target.files;
      if (file) this.#load(() => fromDisk(file));
      target.value = "";
    });
    byId("subtitles-off").addEventListener("click", () => this.#turnOff());
  }

  render() {
    const subtitles = this.#parts.screen.player?.subtitles ?? null;
    show(byId("subtitles-menu"), subtitles !== null);
    show(byId("subtitles-off"), Boolean(subtitles?.isShown()));
  }

  async #load(read) {
    const { screen, texts, announce } = this.#parts;
    show(this.#fault, false);
    try {
      const text = await read();
      if (!looksLikeSubtitles(text)) throw new Error("no subtitles");
      screen.player?.subtitles?.show(text, texts.say("subtitles"));
      announce(texts.say("subtitles_shown"));
      this.#menu.close();
    } catch {
      setText(this.#fault, texts.say("subtitles_failed"));
      show(this.#fault, true);
    }
    this.render();
  }

  #turnOff() {
    this.#parts.screen.player?.subtitles?.remove();
    this.#menu.close();
    this.render();
  }
}

async function fetched(address) {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(address, { signal, credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return fromDisk(await response.blob());
}

async function fromDisk(blob) {
  if (blob.size > LARGEST) throw new Error("too large");
  return blob.text();
}
