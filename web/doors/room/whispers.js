import { byId, make } from "../dom.js";

const STAYS = 8_000; // ms
const MOST = 4;

/** In full screen there is no chat to be seen: what is said passes by over the picture. */
export class Whispers {
  #place = byId("whispers");
  #newest = null;
  #hasBegun = false;

  render({ lines }) {
    const newest = lines.findLast(({ kind, seq }) => kind === "chat" && seq !== null) ?? null;
    const isNews = this.#hasBegun && newest !== null && newest.seq !== this.#newest?.seq;
    this.#hasBegun = true;
    this.#newest = newest;
    if (isNews && document.fullscreenElement) this.#pass(newest);
  }

  #pass({ name, text }) {
    const author = make("strong", {}, make("bdi", {}, name ?? ""));
    const whisper = make("p", { dir: "auto" }, author, " ", text);
    this.#place.append(whisper);
    while (this.#place.children.length > MOST) this.#place.firstElementChild.remove();
    setTimeout(() => whisper.remove(), STAYS);
  }
}
