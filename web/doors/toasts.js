import { byId, make } from "./dom.js";

const STAYS = 7_000; // ms
const MOST = 3;

/** What went wrong, told where it does not stand in the way. It goes by itself, or when sent. */
export class Toasts {
  #place = byId("toasts");
  #texts;
  #icons;

  constructor({ texts, icons }) {
    this.#texts = texts;
    this.#icons = icons;
  }

  tell(text) {
    const close = make(
      "button",
      { class: "button plain", type: "button", "aria-label": this.#texts.say("close"), onclick: () => toast.remove() },
      this.#icons.make("close"),
    );
    const toast = make("div", { class: "toast" }, make("p", {}, text), close);
    this.#place.append(toast);
    while (this.#place.children.length > MOST) this.#place.firstElementChild.remove();
    setTimeout(() => toast.remove(), STAYS);
  }

  refused(refusal) {
    this.tell(this.#texts.refusal(refusal));
  }
}
