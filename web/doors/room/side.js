import { byId, setAttribute } from "../dom.js";

// As in the style: then both halves are seen.
const WIDE = "(min-width: 900px), (min-width: 600px) and (max-height: 500px)";

/** On a phone the side shows either the chat or the people. */
export class Side {
  #side = byId("side");
  #wide = matchMedia(WIDE);

  constructor(whenTurned) {
    for (const half of ["chat", "people"]) {
      byId(`show-${half}`).addEventListener("click", () => {
        this.turnTo(half);
        whenTurned();
      });
    }
  }

  turnTo(half) {
    setAttribute(this.#side, "data-shows", half);
    for (const one of ["chat", "people"]) setAttribute(byId(`show-${one}`), "aria-pressed", one === half);
  }

  get isChatSeen() {
    const isTurned = this.#wide.matches || this.#side.dataset.shows === "chat";
    return isTurned && document.visibilityState === "visible";
  }
}
