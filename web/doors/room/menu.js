import { make, setAttribute, show } from "../dom.js";

const open = new Set();

/** A button that unfolds a panel. Escape, a click elsewhere or the button itself folds it up. */
export class Menu {
  #button;
  #panel;
  #whenOpened;

  constructor(button, panel, whenOpened = () => {}) {
    this.#button = button;
    this.#panel = panel;
    this.#whenOpened = whenOpened;
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    panel.addEventListener("keydown", (event) => this.#walk(event));
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  open() {
    for (const other of [...open]) other.close();
    open.add(this);
    this.#set(true);
    this.#whenOpened();
    const [pressed] = this.#panel.querySelectorAll('[aria-pressed="true"]');
    (pressed ?? this.#panel.querySelector("button, input"))?.focus();
  }

  /** The focus goes back to the button only if it was inside: it is nobody else's to move. */
  close() {
    const wasInside = this.#panel.contains(document.activeElement);
    open.delete(this);
    this.#set(false);
    if (wasInside) this.#button.focus();
  }

  contains(node) {
    return this.#button.contains(node) || this.#panel.contains(node);
  }

  #set(isOpen) {
    show(this.#panel, isOpen);
    setAttribute(this.#button, "aria-expanded", isOpen);
  }

  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...this.#panel.querySelectorAll("button[aria-pressed]")];
    if (!step || !buttons.length) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons.indexOf(document.activeElement) + step;
    buttons.at(next % buttons.length).focus();
  }
}

/** Folding up by a click elsewhere or Escape is one matter for all menus of the page. */
export function installMenus() {
  document.addEventListener("pointerdown", ({ target }) => {
    for (const menu of [...open]) if (!menu.contains(target)) menu.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open.size) return;
    event.stopPropagation();
    for (const menu of [...open]) menu.close();
  }, { capture: true });
}

/** Choices of which one holds. @param {{label: string, isChosen: boolean, choose: () => void}[]} choices */
export function showChoices(panel, choices) {
  const shown = JSON.stringify(choices);
  if (panel.dataset.shown === shown) return;
  panel.dataset.shown = shown;
  panel.replaceChildren(...choices.map(({ label, isChosen, choose }) => make(
    "button",
    { class: "button", type: "button", "aria-pressed": String(isChosen), onclick: choose },
    label,
  )));
}
