import { byId, make } from "../dom.js";

const EMOJI = ["❤️", "😂", "😮", "😢", "👏", "🎉"];
const LASTS = 3_200; // ms, as the animation does
const FEW = 3; // at once: so many are worth reading out
const MOST = 24; // at once: a stadium must not stall a phone

/** Signs that float over the video, with the name of who sent them. */
export class Reactions {
  #parts;
  #place = byId("floats");

  /** @param {{session, texts, announce: (text: string) => void, refused: (refusal: object) => void}} parts */
  constructor(parts) {
    this.#parts = parts;
    byId("reactions").replaceChildren(...EMOJI.map((emoji) => this.#button(emoji)));
    parts.session.onReaction((reaction) => this.#float(reaction));
  }

  #button(emoji) {
    const { session, texts, refused } = this.#parts;
    const react = () => session.react(emoji).catch(refused);
    const label = texts.say("react", { emoji });
    return make("button", { type: "button", "aria-label": label, onclick: react }, emoji);
  }

  #float({ emoji, name }) {
    const { texts, announce } = this.#parts;
    const many = this.#place.children.length;
    if (many < FEW) announce(texts.say("reacted", { name: name ?? texts.say("somebody"), emoji }));
    if (many >= MOST) return;
    const sign = make("span", { class: "float" }, emoji, make("small", { dir: "auto" }, name ?? ""));
    sign.style.setProperty("--across", (0.45 + Math.random() * 0.35).toFixed(3));
    sign.style.setProperty("--sway", `${Math.round(Math.random() * 60 - 30)}px`);
    this.#place.append(sign);
    setTimeout(() => sign.remove(), LASTS);
  }
}
